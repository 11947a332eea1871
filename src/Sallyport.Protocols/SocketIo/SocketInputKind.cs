namespace Sallyport.Protocols.SocketIo;

public enum SocketInputKind
{
    Joined,
    Event,
    Left,
    Closed,
}
