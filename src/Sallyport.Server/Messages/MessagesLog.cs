namespace Sallyport.Server.Messages;

/// <summary>Event ids 1200 to 1299.</summary>
internal static partial class MessagesLog
{
    [LoggerMessage(1200, LogLevel.Error, "The results of {Count} deliveries could not be written and will be written again")]
    public static partial void ResultsNotRecorded(ILogger logger, int count, Exception exception);

    [LoggerMessage(1201, LogLevel.Warning, "{Count} messages of channel {Channel} were not delivered and will be tried again: {Error}")]
    public static partial void WillRetry(ILogger logger, int count, string channel, string error);

    [LoggerMessage(1202, LogLevel.Warning, "No provider is configured for channel {Channel}; its messages are written to {Directory}")]
    public static partial void NoProvider(ILogger logger, string channel, string directory);

    [LoggerMessage(1203, LogLevel.Warning, "The provider {Provider} of channel {Channel} is not supported yet; its messages are written to {Directory}")]
    public static partial void ProviderNotSupported(ILogger logger, string provider, string channel, string directory);

    [LoggerMessage(1204, LogLevel.Warning, "Template {Template} failed: {Fault}; the built-in text was sent instead")]
    public static partial void TemplateFailed(ILogger logger, string template, string fault);

    [LoggerMessage(1205, LogLevel.Error, "{Count} messages of channel {Channel} were given up: {Error} ({MessageIds})")]
    public static partial void GivenUp(ILogger logger, int count, string channel, string error, string messageIds);

    [LoggerMessage(1206, LogLevel.Error, "The delivery of message {MessageId} of channel {Channel} failed unexpectedly")]
    public static partial void DeliveryFailed(ILogger logger, string messageId, string channel, Exception exception);

    [LoggerMessage(1207, LogLevel.Error, "{Count} messages of channel {Channel} wait until the settings of the provider are corrected: {Error}")]
    public static partial void Misconfigured(ILogger logger, int count, string channel, string error);
}
