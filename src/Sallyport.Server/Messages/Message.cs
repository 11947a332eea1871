using System.Text.Json;
using System.Text.Json.Serialization;
using Sallyport.Server.Messages.Providers;
using Sallyport.Server.Messages.Templates;

namespace Sallyport.Server.Messages;

/// <summary>A message that a feature adds to the outbox.</summary>
/// <param name="Content">
/// A JSON text that the providers of the channel read: <see cref="MailV1"/> for e-mail, otherwise the document that the outbox folder stores,
/// such as <see cref="PhoneMessageV1"/>.
/// </param>
internal sealed record Message(string Channel, string Content)
{
    public const string Email = "email";
    public const string Sms = "sms";
    public const string Voice = "voice";
    public const string Push = "push";

    /// <summary>The user that the message is for, for the log.</summary>
    public string? UserId { get; init; }

    /// <summary>Its id in the outbox (<see cref="Outbox.NewId"/>); null for a new one.</summary>
    public string? Id { get; init; }

    /// <summary>Where it is sent, for the log and for counts: no address of a person.</summary>
    public string? Destination { get; init; }

    /// <summary>The message is not delivered from then on, because its link or code no longer works.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>A mail that is composed when it is delivered (<see cref="IDeferredMail"/>).</summary>
    public static Message Of(DeferredMailV1 mail) => new(Email, JsonSerializer.Serialize(mail, MessageJson.Default.DeferredMailV1));

    public static Message Of(MailV1 mail) => new(Email, JsonSerializer.Serialize(mail, MessageJson.Default.MailV1));

    public static Message Of(PhoneMessageV1 message) => new(message.Channel, JsonSerializer.Serialize(message, MessageJson.Default.PhoneMessageV1));

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

/// <summary>The content of a text message or of a call.</summary>
internal sealed record PhoneMessageV1
{
    public const string Enrollment = "enrollment";
    public const string Verification = "verification";

    /// <summary><see cref="Message.Sms"/> or <see cref="Message.Voice"/>.</summary>
    public required string Channel { get; init; }

    /// <summary>E.164.</summary>
    public required string To { get; init; }

    /// <summary>The text of the message, or what the call says.</summary>
    public required string Text { get; init; }

    /// <summary><see cref="Enrollment"/> or <see cref="Verification"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>The tag of the language of <see cref="Text"/>.</summary>
    public required string Language { get; init; }

    /// <summary>For providers that pass more than the text to another service.</summary>
    public PhoneMessageContextV1? Context { get; init; }

    public static PhoneMessageV1 Read(OutgoingMessage message) => JsonSerializer.Deserialize(message.Content, MessageJson.Default.PhoneMessageV1)!;

    public override string ToString() => "***";
}

/// <summary>The reason for a message to a phone. It is never written to the outbox folder.</summary>
internal sealed record PhoneMessageContextV1(string UserId, string Code)
{
    public string? ClientId { get; init; }

    public string? Address { get; init; }

    public string? UserAgent { get; init; }

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
[JsonSerializable(typeof(PhoneMessageV1))]
[JsonSerializable(typeof(EmailProvider))]
[JsonSerializable(typeof(EmailTemplate))]
[JsonSerializable(typeof(EmailTestRequest))]
[JsonSerializable(typeof(ProviderTestResponse))]
internal sealed partial class MessageJson : JsonSerializerContext;
