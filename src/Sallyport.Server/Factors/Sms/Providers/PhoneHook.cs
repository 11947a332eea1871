using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sallyport.Server.Configuration;
using Sallyport.Server.Factors.Settings;
using Sallyport.Server.Messages;
using Sallyport.Server.Messages.Providers;
using Sallyport.Server.Settings;

namespace Sallyport.Server.Factors.Sms.Providers;

/// <summary>Hands text messages and calls to the tenant's own service (docs/providers.md).</summary>
internal sealed class PhoneHook(
    string channel, [FromKeyedServices(PhoneHook.Client)] ProviderClient client, SallyportOptions options, TimeProvider clock) : IMessageProvider
{
    public const string Client = "The webhook";

    public string Channel => channel;

    public string Name => PhoneProviderChoice.Hook;

    public SettingKind SettingKind => FactorSettings.PhoneHook;

    public IMessageConnection Connect(SettingValue settings)
    {
        var hook = settings.Json.Deserialize(FactorJson.Default.PhoneHookProvider)!;
        return new PhoneHookConnection(client, hook with { Secret = settings.Secrets.GetValueOrDefault("secret") }, options.AllowsPrivateWebhooks, clock);
    }
}

internal sealed class PhoneHookConnection(ProviderClient client, PhoneHookProvider hook, bool allowsHttp, TimeProvider clock) : RequestConnection(client)
{
    private const string SignatureHeader = "Sallyport-Signature";

    /// <summary>The same in all attempts, so that the service can recognize a message that it has sent already.</summary>
    private const string IdHeader = "Idempotency-Key";

    protected override ValueTask<HttpRequestMessage> NewRequestAsync(OutgoingMessage message, CancellationToken cancellationToken)
    {
        if (hook.Secret is not { } secret)
        {
            throw DeliveryException.Misconfigured("The webhook has no secret, so its requests cannot be signed; set secret.");
        }

        if (!Uri.TryCreate(hook.Url, UriKind.Absolute, out var url) || (url.Scheme != Uri.UriSchemeHttps && !allowsHttp))
        {
            throw DeliveryException.Misconfigured("The webhook is no https address.");
        }

        var body = BodyOf(message);
        var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add(SignatureHeader, Sign(secret, clock.GetUtcNow(), body));
        request.Headers.Add(IdHeader, message.Id);
        return ValueTask.FromResult(request);
    }

    /// <returns>The value of the header: the instant in Unix seconds, and HMAC-SHA256 over it, a dot and the body.</returns>
    public static string Sign(string secret, DateTimeOffset now, string body)
    {
        var seconds = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"{seconds}.{body}"));
        return $"t={seconds},v1={Convert.ToHexStringLower(signature)}";
    }

    protected override string? ReadMessageId(ProviderAnswer answer) =>
        answer.IsSuccess ? answer.FindMember("message_id") : throw answer.Refusal(answer.FindMember("error"));

    /// <summary>The members are those of the published hook <c>send-phone-message</c>, as far as this server has them.</summary>
    private static string BodyOf(OutgoingMessage message)
    {
        var content = PhoneMessageV1.Read(message);
        var context = new JsonObject
        {
            ["message_type"] = content.Channel,
            ["action"] = content.Kind == PhoneMessageV1.Enrollment ? "enrollment" : "second-factor-authentication",
            ["language"] = content.Language,
        };
        if (content.Context is { } known)
        {
            context["code"] = known.Code;
            context["ip"] = known.Address;
            context["user_agent"] = known.UserAgent;
            context["client"] = new JsonObject { ["client_id"] = known.ClientId };
            context["user"] = new JsonObject { ["user_id"] = known.UserId };
        }

        return new JsonObject
        {
            ["id"] = message.Id,
            ["created_at"] = message.CreatedAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
            ["recipient"] = content.To,
            ["text"] = content.Text,
            ["context"] = context,
        }.ToJsonString();
    }
}
