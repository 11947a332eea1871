namespace Sallyport.Server.Storage;

/// <summary>Event ids 1400 to 1499.</summary>
internal static partial class StorageLog
{
    [LoggerMessage(1400, LogLevel.Warning, "Rows that nobody needs any more could not be removed; the next round tries again")]
    public static partial void RetentionFailed(ILogger logger, Exception exception);
}
