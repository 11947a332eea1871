namespace Sallyport.Protocols.SocketIo;

public enum SocketReadOutcome
{
    Read,
    Malformed,

    /// <summary>No Guardian client sends binary data, so nothing here holds it.</summary>
    BinaryRefused,
    TooLarge,
    TooManyPackets,
}
