namespace Sallyport.Server.Realtime;

/// <summary>Event ids 1500 to 1599.</summary>
internal static partial class RealtimeLog
{
    [LoggerMessage(1500, LogLevel.Error, "The time of sockets could not be moved on")]
    public static partial void NotAdvanced(ILogger logger, Exception exception);

    [LoggerMessage(1501, LogLevel.Warning, "The state of transactions could not be read; sockets are told at the next attempt")]
    public static partial void NotRead(ILogger logger, Exception exception);

    [LoggerMessage(1502, LogLevel.Warning, "Other nodes are not heard; the state is read every few seconds until they are again")]
    public static partial void NotListening(ILogger logger, Exception exception);
}
