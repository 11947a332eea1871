namespace Sallyport.Protocols.SocketIo;

/// <summary>The numbers are the digits on the wire; 5 and 6 announce attachments and are refused.</summary>
public enum SocketPacketType
{
    Connect = 0,
    Disconnect = 1,
    Event = 2,
    Ack = 3,
    ConnectError = 4,
}
