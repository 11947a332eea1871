using System.Text.Json;
using Sallyport.Server.Audit;
using Sallyport.Server.Settings;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Messages;

/// <summary>A way to send messages, such as mail. Each channel has its own lane, so a slow provider delays only its own channel.</summary>
internal interface IMessageChannel
{
    string Name { get; }

    /// <summary>The log event type of a message that was given up.</summary>
    string FailureType => AuditTypes.MessageNotDelivered;

    /// <summary>How many messages a node delivers at the same time. Mail servers limit the connections of one sender.</summary>
    int Concurrency => 8;

    /// <returns>False if no message of this channel is sent at present, so that a missing provider is no fault.</returns>
    ValueTask<bool> IsUsedAsync(TenantId tenant, CancellationToken cancellationToken) => ValueTask.FromResult(true);

    /// <returns>The provider that the tenant has enabled; null if messages go to the outbox folder.</returns>
    ValueTask<ProviderChoice?> FindProviderAsync(TenantId tenant, CancellationToken cancellationToken);

    /// <summary>Completes the content of a message before a provider gets it.</summary>
    /// <param name="content">As it was added to the outbox.</param>
    /// <returns>Null if the message is not sent after all.</returns>
    ValueTask<string?> ComposeAsync(DueMessage message, string content, CancellationToken cancellationToken) => ValueTask.FromResult<string?>(content);
}

/// <summary>
/// Composes mails of one kind when they are delivered. The change that such a mail reports is fast and frequent, and may turn out not to
/// happen, so it reads no template and renders nothing itself (ADR 14).
/// </summary>
internal interface IDeferredMail
{
    string Kind { get; }

    /// <param name="data">As it was added to the outbox.</param>
    /// <returns>Null if the tenant has switched the mail off.</returns>
    ValueTask<MailV1?> ComposeAsync(DueMessage message, JsonElement data, CancellationToken cancellationToken);
}

/// <param name="Name">The <see cref="IMessageProvider.Name"/>.</param>
internal sealed record ProviderChoice(string Name, SettingValue Settings);

/// <summary>Delivers messages of one channel through a service outside, such as a mail server or an SMS gateway.</summary>
internal interface IMessageProvider
{
    string Channel { get; }

    /// <summary>The name in the settings that selects this provider.</summary>
    string Name { get; }

    /// <summary>Where the tenant stores the settings of this provider; null if the channel knows.</summary>
    SettingKind? SettingKind => null;

    /// <param name="settings">The tenant's settings of this provider, with its secrets.</param>
    IMessageConnection Connect(SettingValue settings);
}

/// <summary>Sends messages one after the other with the same settings. It connects when the first message is sent.</summary>
internal interface IMessageConnection : IAsyncDisposable
{
    /// <summary>The id that the provider gave the last message; null if it gave none.</summary>
    string? LastMessageId => null;

    /// <summary>Connects and logs in without sending anything.</summary>
    /// <returns>False if that is not possible with this provider.</returns>
    /// <exception cref="DeliveryException">The connection or the login was refused.</exception>
    ValueTask<bool> TryConnectAsync(CancellationToken cancellationToken) => ValueTask.FromResult(false);

    /// <exception cref="DeliveryException">The message was not accepted.</exception>
    Task SendAsync(OutgoingMessage message, CancellationToken cancellationToken);
}

/// <param name="Id">Sorts by the time of creation. The same in all attempts.</param>
internal sealed record OutgoingMessage(string Id, string Channel, DateTimeOffset CreatedAt, string Content)
{
    public override string ToString() => $"{Id} ***";
}

/// <summary>A message was not accepted. The text is logged and stored, so it contains no secret.</summary>
internal sealed class DeliveryException : Exception
{
    private DeliveryException(string message)
        : base(message)
    {
    }

    /// <summary>True if the same message will never be accepted, so that another attempt is useless.</summary>
    public bool IsPermanent { get; private init; }

    /// <summary>
    /// True if the settings of the provider are wrong, such as its credentials. The message is tried again, because an administrator can
    /// correct them meanwhile.
    /// </summary>
    public bool IsConfigurationFault { get; private init; }

    /// <summary>The shortest pause before the next attempt, if the provider named one.</summary>
    public TimeSpan? RetryAfter { get; private init; }

    public static DeliveryException Permanent(string message) => new(message) { IsPermanent = true };

    public static DeliveryException Temporary(string message, TimeSpan? retryAfter = null) => new(message) { RetryAfter = retryAfter };

    public static DeliveryException Misconfigured(string message) => new(message) { IsConfigurationFault = true };
}
