namespace Sallyport.Server.Clients;

/// <summary>Event ids 1800 to 1899.</summary>
internal static partial class ClientsLog
{
    [LoggerMessage(1800, LogLevel.Warning, "Removed clients could not be read; the next round tries again")]
    public static partial void RevocationsNotRead(ILogger logger, Exception exception);
}
