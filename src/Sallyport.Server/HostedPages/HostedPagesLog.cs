namespace Sallyport.Server.HostedPages;

/// <summary>Event ids 1300 to 1399.</summary>
internal static partial class HostedPagesLog
{
    [LoggerMessage(1300, LogLevel.Information, "A page ended at once: {ErrorCode}, reference {Reference}")]
    public static partial void DeadEnd(ILogger logger, string reference, string errorCode);
}
