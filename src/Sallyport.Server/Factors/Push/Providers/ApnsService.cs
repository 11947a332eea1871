using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Sallyport.Server.Configuration;
using Sallyport.Server.Factors.Settings;
using Sallyport.Server.Messages;
using Sallyport.Server.Messages.Providers;

namespace Sallyport.Server.Factors.Push.Providers;

/// <summary>The Apple Push Notification service, over HTTP/2, with a token key (p8) or a certificate (p12).</summary>
internal sealed class ApnsService(ProviderClient client, SallyportOptions options, ApnsProvider settings, ApnsTokens? tokens) : IPushService
{
    public async Task<bool> TrySendAsync(PushMessage message, CancellationToken cancellationToken)
    {
        var address = options.ProviderAddresses.Find(settings.Sandbox == true ? ProviderAddresses.ApnsSandbox : ProviderAddresses.Apns);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{address}/3/device/{Uri.EscapeDataString(message.Token)}")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new StringContent(message.Payload.GetRawText(), Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("apns-topic", settings.BundleId);
        request.Headers.Add("apns-push-type", "alert");
        request.Headers.Add("apns-priority", "10");
        request.Headers.Add("apns-expiration", message.ExpiresAt.ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture));
        if (tokens is not null)
        {
            request.Headers.Authorization = new("bearer", tokens.Current());
        }

        var answer = await client.SendAsync(request, cancellationToken);
        if (answer.IsSuccess)
        {
            return true;
        }

        return (answer.Status, ReasonOf(answer.Body)) switch
        {
            (HttpStatusCode.Gone, _) or (_, "Unregistered" or "ExpiredToken") => false,
            // APNs also answers this when sandbox and production are mixed up, so the phone stays enabled.
            (_, "BadDeviceToken" or "DeviceTokenNotForTopic" or "BadTopic" or "MissingTopic" or "TopicDisallowed") =>
                throw DeliveryException.Misconfigured($"{client.Name} answered {(int)answer.Status}: {ReasonOf(answer.Body)}"),
            var (_, reason) => throw answer.Refusal(reason),
        };
    }

    private static string? ReasonOf(string body)
    {
        try
        {
            return (string?)JsonNode.Parse(body)?["reason"];
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}

/// <summary>Tokens of a key for APNs. Apple refuses one that is older than an hour, and a new one within twenty minutes.</summary>
internal sealed class ApnsTokens : IDisposable
{
    private const int KeyBits = 256;

    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(40);

    private readonly JsonWebTokenHandler handler = new() { SetDefaultTimesOnTokenCreation = false };
    private readonly ECDsa key = ECDsa.Create();
    private readonly Lock gate = new();
    private readonly TimeProvider clock;
    private readonly ApnsProvider settings;
    private (string Token, DateTimeOffset IssuedAt) current = ("", DateTimeOffset.MinValue);

    /// <exception cref="DeliveryException">The key is not a private key on P-256.</exception>
    public ApnsTokens(ApnsProvider settings, string pem, TimeProvider clock)
    {
        (this.settings, this.clock) = (settings, clock);
        if (Import(key, pem) is { } fault)
        {
            throw DeliveryException.Misconfigured(fault);
        }
    }

    /// <returns>Null if Apple gives out such keys.</returns>
    public static string? FindKeyFault(string pem)
    {
        using var key = ECDsa.Create();
        return Import(key, pem);
    }

    private static string? Import(ECDsa key, string pem)
    {
        try
        {
            key.ImportFromPem(pem);
            // Signs once: PEM may also hold a public key.
            key.SignData([], HashAlgorithmName.SHA256);
        }
        catch (Exception exception) when (exception is ArgumentException or CryptographicException)
        {
            return "The key for APNs is no private key in PEM.";
        }

        return key.KeySize == KeyBits ? null : "The key for APNs is none on P-256.";
    }

    public string Current()
    {
        lock (gate)
        {
            var now = clock.GetUtcNow();
            if (now - current.IssuedAt > Lifetime)
            {
                current = (handler.CreateToken(new SecurityTokenDescriptor
                {
                    Issuer = settings.TeamId,
                    IssuedAt = now.UtcDateTime,
                    SigningCredentials = new SigningCredentials(new ECDsaSecurityKey(key) { KeyId = settings.KeyId }, SecurityAlgorithms.EcdsaSha256),
                }), now);
            }

            return current.Token;
        }
    }

    public void Dispose() => key.Dispose();
}

/// <summary>Clients that authenticate with the certificate of a tenant.</summary>
internal sealed class CertificateClients : IHttpClientFactory, IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private const int MaxAnswer = 64 * 1024;

    private readonly SocketsHttpHandler handler;

    /// <param name="p12">Base64 of a PKCS #12 file without a password, which was checked when it was stored.</param>
    public CertificateClients(string p12)
    {
        var certificate = X509CertificateLoader.LoadPkcs12(Convert.FromBase64String(p12), password: null, X509KeyStorageFlags.EphemeralKeySet);
        handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            SslOptions = { ClientCertificates = [certificate] },
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        };
    }

    /// <summary>For tests that trust another authority.</summary>
    public System.Net.Security.SslClientAuthenticationOptions Tls => handler.SslOptions;

    public HttpClient CreateClient(string name) => new(handler, disposeHandler: false) { Timeout = Timeout, MaxResponseContentBufferSize = MaxAnswer };

    public void Dispose() => handler.Dispose();
}
