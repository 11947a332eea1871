using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Apis.Auth.OAuth2;
using Google.Apis.Auth.OAuth2.Responses;
using Sallyport.Server.Configuration;
using Sallyport.Server.Messages;
using Sallyport.Server.Messages.Providers;

namespace Sallyport.Server.Factors.Push.Providers;

/// <summary>Firebase Cloud Messaging, HTTP v1, with the service account of the tenant's project.</summary>
internal sealed class FcmService(ProviderClient client, SallyportOptions options, TimeProvider clock, FcmAccount account) : IPushService
{
    public async Task<bool> TrySendAsync(PushMessage message, CancellationToken cancellationToken)
    {
        var content = FcmContent.Of(message, clock.GetUtcNow());
        content["token"] = message.Token;
        var body = new JsonObject { ["message"] = content };
        using var request = new HttpRequestMessage(
            HttpMethod.Post, $"{options.ProviderAddresses.Find(ProviderAddresses.Fcm)}/v1/projects/{Uri.EscapeDataString(account.ProjectId)}/messages:send")
        {
            Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new("Bearer", await account.GetTokenAsync(cancellationToken));
        var answer = await client.SendAsync(request, cancellationToken);
        if (answer.IsSuccess)
        {
            return true;
        }

        var (status, code) = ReadError(answer.Body);
        return code == "UNREGISTERED" ? false
            // A malformed token, unlike a wrong project, is a fault of the phone.
            : status == "INVALID_ARGUMENT" ? throw DeliveryException.Permanent($"{client.Name} answered {(int)answer.Status}: {status}")
            : throw answer.Refusal(code ?? status);
    }

    /// <summary>The status of the call, and the code of the service in its details.</summary>
    private static (string? Status, string? Code) ReadError(string body)
    {
        try
        {
            var error = JsonNode.Parse(body)?["error"];
            var details = error?["details"] as JsonArray ?? [];
            return ((string?)error?["status"], details.Select(detail => (string?)detail?["errorCode"]).FirstOrDefault(code => code is not null));
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return (null, null);
        }
    }
}

/// <summary>The message of FCM HTTP v1, without the address of the app.</summary>
internal static class FcmContent
{
    public static JsonObject Of(PushMessage message, DateTimeOffset now) => new()
    {
        ["data"] = JsonNode.Parse(message.Payload.GetRawText()),
        ["android"] = new JsonObject
        {
            ["priority"] = "HIGH",
            ["ttl"] = message.SecondsLeft(now).ToString(CultureInfo.InvariantCulture) + "s",
        },
    };
}

/// <summary>A service account of Google. Its tokens are fetched from the configured address, whatever address the account names.</summary>
internal sealed class FcmAccount
{
    private const string Scope = "https://www.googleapis.com/auth/firebase.messaging";

    private readonly ServiceAccountCredential credential;

    private FcmAccount(string projectId, ServiceAccountCredential credential) => (ProjectId, this.credential) = (projectId, credential);

    public string ProjectId { get; }

    /// <param name="json">The key file that Google gives out.</param>
    /// <exception cref="DeliveryException">It is no key file of a service account.</exception>
    public static FcmAccount Parse(string json, string tokenAddress)
    {
        try
        {
            var file = JsonNode.Parse(json)!;
            var key = RSA.Create();
            key.ImportFromPem((string)file["private_key"]!);
            // Signs once: PEM may also hold a public key.
            key.SignData([], HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            var initializer = new ServiceAccountCredential.Initializer((string)file["client_email"]!, tokenAddress) { Scopes = [Scope], Key = key };
            return (string?)file["project_id"] is { Length: > 0 } project
                ? new FcmAccount(project, new ServiceAccountCredential(initializer))
                : throw new FormatException("There is no project_id.");
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or ArgumentException or FormatException
            or NullReferenceException or CryptographicException)
        {
            throw DeliveryException.Misconfigured("The credentials for FCM are no key file of a service account.");
        }
    }

    /// <summary>Whether <see cref="Parse"/> accepts it.</summary>
    public static bool IsKeyFile(string json)
    {
        try
        {
            Parse(json, tokenAddress: "https://localhost");
            return true;
        }
        catch (DeliveryException)
        {
            return false;
        }
    }

    /// <exception cref="DeliveryException">Google does not issue a token.</exception>
    public async Task<string> GetTokenAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await credential.GetAccessTokenForRequestAsync(authUri: null, cancellationToken);
        }
        catch (TokenResponseException exception) when ((int?)exception.StatusCode is >= 400 and < 500)
        {
            throw DeliveryException.Misconfigured($"Google refuses the service account: {ProviderText.Clean(exception.Error.Error)}");
        }
        catch (Exception exception) when (exception is TokenResponseException or HttpRequestException)
        {
            throw DeliveryException.Temporary("Google gives out no token for FCM at present.");
        }
    }
}
