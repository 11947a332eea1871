namespace Sallyport.Protocols.SocketIo;

public enum SocketSessionState
{
    Open,

    /// <summary>What is queued is still delivered, nothing more is accepted.</summary>
    Closing,
    Closed,
}
