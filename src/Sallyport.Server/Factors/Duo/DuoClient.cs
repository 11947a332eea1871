using System.Text.Json;
using System.Text.Json.Nodes;
using Sallyport.Server.Configuration;
using Sallyport.Server.Factors.Settings;
using Sallyport.Server.Messages;
using Sallyport.Server.Messages.Providers;
using Sallyport.Server.Security;
using Sallyport.Server.Settings;

namespace Sallyport.Server.Factors.Duo;

/// <summary>The application that protects sign-ins here, as Duo knows it.</summary>
/// <param name="BaseUrl">Without a trailing slash.</param>
internal sealed record DuoAccount(string BaseUrl, string ClientId, string ClientSecret)
{
    public override string ToString() => $"{BaseUrl} ***";
}

internal enum DuoVerdict
{
    Confirmed,
    Refused,

    /// <summary>Duo did not answer as it should. Nothing is known.</summary>
    Unavailable,
}

/// <summary>Duo's OIDC Auth API ("Universal Prompt"), https://duo.com/docs/oauthapi.</summary>
internal sealed class DuoClient([FromKeyedServices(DuoClient.Name)] ProviderClient http, SallyportOptions options, TimeProvider clock)
{
    public const string Name = "Duo";

    public const string CallbackPath = "/mfa/duo/callback";

    private const string AssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    /// <summary>The longest that Duo accepts.</summary>
    private static readonly TimeSpan TokenLifetime = TimeSpan.FromMinutes(5);

    /// <summary>The clocks may differ.</summary>
    private static readonly TimeSpan Leeway = TimeSpan.FromMinutes(1);

    private string CallbackUrl => options.PublicUrl + CallbackPath;

    /// <returns>Null if <see cref="FindFault"/> finds one.</returns>
    public DuoAccount? FindAccount(SettingValue? stored) => FindFault(stored) is not null ? null : new DuoAccount(
        options.DuoUrl ?? "https://" + (string)stored!.Json["host"]!, (string)stored!.Json["ikey"]!, stored.Secrets["skey"]);

    /// <returns>Why nobody can be sent to Duo; null if everything is set.</returns>
    public string? FindFault(SettingValue? stored)
    {
        var settings = stored?.Json.Deserialize(FactorJson.Default.DuoSettings);
        return settings is not { IntegrationKey: { Length: > 0 }, Host: { } host } || stored!.Secrets.GetValueOrDefault("skey") is not { Length: > 0 }
            ? "its settings are incomplete"
            // Any other host would get codes and keys.
            : options.DuoUrl is null && !DuoSettings.IsHostOfDuo(host) ? "its host is none of Duo"
            : options.DuoUrl is null && !options.PublicUrl.StartsWith("https://", StringComparison.Ordinal) ? "Duo sends browsers to https addresses only, and Sallyport:PublicUrl is not one"
            : null;
    }

    /// <summary>Called before a person is sent to Duo, because nobody can come back from a service that is down.</summary>
    public async ValueTask<bool> IsHealthyAsync(DuoAccount account, CancellationToken cancellationToken)
    {
        var address = account.BaseUrl + "/oauth/v1/health_check";
        var answer = await PostAsync(address, account, [], cancellationToken);
        return answer is { IsSuccess: true } && answer.FindMember("stat") == "OK";
    }

    /// <summary>The address at which the person confirms.</summary>
    public string AuthorizeUrl(DuoAccount account, string username, string state, string nonce)
    {
        var request = DuoJwt.Sign(
            new JsonObject
            {
                ["scope"] = "openid",
                ["redirect_uri"] = CallbackUrl,
                ["client_id"] = account.ClientId,
                ["iss"] = account.ClientId,
                ["aud"] = account.BaseUrl,
                ["exp"] = (clock.GetUtcNow() + TokenLifetime).ToUnixTimeSeconds(),
                ["state"] = state,
                ["nonce"] = nonce,
                ["response_type"] = "code",
                ["duo_uname"] = username,
                ["use_duo_code_attribute"] = true,
            },
            account.ClientSecret);
        return $"{account.BaseUrl}/oauth/v1/authorize?response_type=code&client_id={Uri.EscapeDataString(account.ClientId)}&request={request}";
    }

    /// <summary>Exchanges the code with which a person comes back for an ID token, and checks what it says.</summary>
    public async ValueTask<DuoVerdict> ExchangeAsync(
        DuoAccount account, string code, DuoChallengeDataV1 challenge, CancellationToken cancellationToken)
    {
        var address = account.BaseUrl + "/oauth/v1/token";
        var answer = await PostAsync(
            address,
            account,
            [
                new("grant_type", "authorization_code"),
                new("code", code),
                new("redirect_uri", CallbackUrl),
                new("client_assertion_type", AssertionType),
            ],
            cancellationToken);
        return answer is null || (int)answer.Status >= 500 ? DuoVerdict.Unavailable
            : answer.IsSuccess && answer.FindMember("id_token") is { } token && Confirms(DuoJwt.Verify(token, account.ClientSecret), address, account, challenge)
                ? DuoVerdict.Confirmed
            : DuoVerdict.Refused;
    }

    /// <summary>Checks the claims (OpenID Connect Core section 3.1.3.7), the confirmed account, and the result.</summary>
    private bool Confirms(JsonObject? claims, string issuer, DuoAccount account, DuoChallengeDataV1 challenge)
    {
        var now = clock.GetUtcNow();
        return claims is not null
            && Text(claims["iss"]) == issuer
            && Text(claims["aud"]) == account.ClientId
            && Time(claims["exp"]) > now - Leeway
            && Time(claims["iat"]) < now + Leeway
            && Text(claims["nonce"]) == challenge.Nonce
            && Text(claims["preferred_username"]) == challenge.Username
            && claims["auth_result"] is JsonObject result && Text(result["result"]) == "allow";
    }

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    /// <returns>Null if it is no time.</returns>
    private static DateTimeOffset? Time(JsonNode? node) =>
        node is JsonValue value && value.TryGetValue<double>(out var seconds) && seconds is > 0 and < 1e11
            ? DateTimeOffset.FromUnixTimeMilliseconds((long)(seconds * 1000))
            : null;

    /// <returns>Null if there is no answer.</returns>
    private async ValueTask<ProviderAnswer?> PostAsync(
        string address, DuoAccount account, IEnumerable<KeyValuePair<string, string>> form, CancellationToken cancellationToken)
    {
        var assertion = DuoJwt.Sign(
            new JsonObject
            {
                ["iss"] = account.ClientId,
                ["sub"] = account.ClientId,
                ["aud"] = address,
                ["exp"] = (clock.GetUtcNow() + TokenLifetime).ToUnixTimeSeconds(),
                ["jti"] = Tokens.NewAlphaNumeric(36),
            },
            account.ClientSecret);
        using var request = new HttpRequestMessage(HttpMethod.Post, address)
        {
            Content = new FormUrlEncodedContent([.. form, new("client_id", account.ClientId), new("client_assertion", assertion)]),
        };
        try
        {
            return await http.SendAsync(request, cancellationToken);
        }
        catch (DeliveryException)
        {
            return null;
        }
    }
}
