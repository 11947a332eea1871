namespace Sallyport.Protocols.SocketIo;

/// <summary>What a polling request is answered; the endpoint turns it into a status.</summary>
public enum SocketRequestOutcome
{
    Accepted,
    Refused,
    TooLarge,
    UnknownSession,
}
