using System.Text.Json;
using System.Text.Json.Serialization;
using Sallyport.Server.Messages.Providers;
using Sallyport.Server.Messages.Templates;

namespace Sallyport.Server.Messages;

/// <summary>A message that a feature adds to the outbox.</summary>
/// <param name="Content">
/// A JSON text that the providers of the channel read: <see cref="MailV1"/> for e-mail, otherwise the document that the outbox folder stores.
/// </param>
internal sealed record Message(string Channel, string Content)
{
    public const string Email = "email";

    /// <summary>The user that the message is for, for the log.</summary>
    public string? UserId { get; init; }

    /// <summary>The message is not delivered from then on, because its link or code no longer works.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>A mail that is composed when it is delivered (<see cref="IDeferredMail"/>).</summary>
    public static Message Of(DeferredMailV1 mail) => new(Email, JsonSerializer.Serialize(mail, MessageJson.Default.DeferredMailV1));

    public static Message Of(MailV1 mail) => new(Email, JsonSerializer.Serialize(mail, MessageJson.Default.MailV1));

    public override string ToString() => $"{Channel} ***";
}

/// <summary>The content of an e-mail.</summary>
internal sealed record MailV1
{
    public required string FromName { get; init; }

    public required string FromAddress { get; init; }

    public required string To { get; init; }

    public required string Subject { get; init; }

    public required string Text { get; init; }

    public required string Html { get; init; }

    public static MailV1 Read(OutgoingMessage message) => JsonSerializer.Deserialize(message.Content, MessageJson.Default.MailV1)!;

    public override string ToString() => "***";
}

/// <summary>The content of an e-mail that is composed when it is delivered.</summary>
/// <param name="Deferred">The <see cref="IDeferredMail.Kind"/>; null if the content is another document.</param>
/// <param name="Data">What the mail reports.</param>
internal sealed record DeferredMailV1(string? Deferred, JsonElement Data)
{
    public override string ToString() => "***";
}

[JsonSourceGenerationOptions(
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(MailV1))]
[JsonSerializable(typeof(DeferredMailV1))]
[JsonSerializable(typeof(EmailProvider))]
[JsonSerializable(typeof(EmailTemplate))]
internal sealed partial class MessageJson : JsonSerializerContext;
