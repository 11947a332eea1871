namespace Sallyport.Server.Messages;

/// <summary>Event ids 1200 to 1299.</summary>
internal static partial class MessagesLog
{
    [LoggerMessage(1200, LogLevel.Error, "The outbox could not be read; what is due stays due")]
    public static partial void OutboxNotRead(ILogger logger, Exception exception);

    [LoggerMessage(1201, LogLevel.Warning, "Message {MessageId} was not delivered at attempt {Attempt}")]
    public static partial void NotDelivered(ILogger logger, string messageId, long attempt, Exception exception);

    [LoggerMessage(1202, LogLevel.Warning,
        "No provider is configured: nothing leaves this machine, messages are written to {Folder}")]
    public static partial void NothingLeaves(ILogger logger, string folder);
}
