using System.Globalization;
using System.Text.Json;
using Sallyport.Server.Messages;

namespace Sallyport.Server.Factors.Push.Providers;

/// <summary>A message to one phone, as the outbox keeps it.</summary>
internal sealed record PushMessage(string Service, string Token, JsonElement Payload, DateTimeOffset ExpiresAt)
{
    /// <summary><see cref="PushDataV1.Endpoint"/>.</summary>
    public string? Endpoint { get; private init; }

    /// <summary>How long after its creation a message is useful.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    /// <summary>The id of the enrollment. The payloads of the two services have it in different places.</summary>
    public string AuthenticatorId => (Payload.TryGetProperty("mfa", out var mfa) ? mfa : Payload).GetProperty("dai").GetString()!;

    public static PushMessage Read(OutgoingMessage message)
    {
        using var document = JsonDocument.Parse(message.Content);
        var content = document.RootElement.Clone();
        var payload = content.GetProperty("payload");
        var issued = (payload.TryGetProperty("mfa", out var mfa) ? mfa : payload).GetProperty("d").GetString()!;
        return new PushMessage(
            content.GetProperty("service").GetString()!,
            content.GetProperty("token").GetString()!,
            payload,
            DateTimeOffset.Parse(issued, CultureInfo.InvariantCulture) + Lifetime)
        {
            Endpoint = content.TryGetProperty("endpoint", out var endpoint) ? endpoint.GetString() : null,
        };
    }

    /// <returns>The whole seconds for which the message is still useful; never negative.</returns>
    public long SecondsLeft(DateTimeOffset now) => Math.Max(0, (long)(ExpiresAt - now).TotalSeconds);

    public override string ToString() => "***";
}

/// <summary>Sends messages to the phones of one push service.</summary>
internal interface IPushService
{
    /// <returns>False if the service says that the app is gone.</returns>
    /// <exception cref="DeliveryException">The message was not accepted.</exception>
    Task<bool> TrySendAsync(PushMessage message, CancellationToken cancellationToken);
}
