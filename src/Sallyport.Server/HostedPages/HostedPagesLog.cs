namespace Sallyport.Server.HostedPages;

/// <summary>Event ids 1300 to 1399.</summary>
internal static partial class HostedPagesLog
{
    [LoggerMessage(1300, LogLevel.Information, "A link was refused: {ErrorCode}, reference {Reference}")]
    public static partial void LinkRefused(ILogger logger, string reference, string errorCode);
}
