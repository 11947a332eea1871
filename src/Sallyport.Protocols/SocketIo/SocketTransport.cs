namespace Sallyport.Protocols.SocketIo;

public enum SocketTransport
{
    Polling,
    WebSocket,
}
