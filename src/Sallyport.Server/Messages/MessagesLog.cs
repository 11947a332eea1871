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

    [LoggerMessage(1203, LogLevel.Warning,
        "E-mail provider {Provider} is configured and not built yet: mails are written into the outbox folder and leave this machine not at all")]
    public static partial void ProviderNotBuilt(ILogger logger, string provider);

    [LoggerMessage(1204, LogLevel.Warning, "Template {Template} failed at {Fault}; the built-in text was sent instead")]
    public static partial void TemplateFailed(ILogger logger, string template, string fault);
}
