namespace Sallyport.Server.Http;

/// <summary>Event ids 1000 to 1099.</summary>
internal static partial class HttpLog
{
    [LoggerMessage(1000, LogLevel.Error, "Request {TraceId} failed")]
    public static partial void RequestFailed(ILogger logger, string traceId, Exception exception);

    [LoggerMessage(1001, LogLevel.Error, "The database does not answer")]
    public static partial void DatabaseUnavailable(ILogger logger, Exception exception);
}
