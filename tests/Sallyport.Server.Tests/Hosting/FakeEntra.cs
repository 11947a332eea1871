using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Sallyport.Server.Tests.Hosting;

/// <summary>Stands for Microsoft Entra: publishes keys of its own, and signs hints with them.</summary>
internal sealed class FakeEntra : IAsyncDisposable
{
    public const string Tenant = "14c2f153-90a7-4689-9db7-9543bf084dad";
    public const string ApplicationId = "600b719b-3766-4dc5-95a6-3c4a8dc31885";
    public const string Callback = "https://login.microsoftonline.com/common/federation/externalauthprovider";
    public const string Subject = "mBfcvuhSHkDWVgV72x2ruIYdSsPSvcj2R0qfc6mGEAA";

    private readonly WebApplication app;
    private RsaSecurityKey key = NewKey("first");

    private FakeEntra(WebApplication app) => this.app = app;

    public string Url => app.Urls.First();

    public bool IsDown { get; set; }

    /// <summary>How often its discovery document was fetched.</summary>
    public int Fetches { get; private set; }

    public static async Task<FakeEntra> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var entra = new FakeEntra(builder.Build());
        entra.app.MapGet("/{tenant}/v2.0/.well-known/openid-configuration", entra.Discover);
        entra.app.MapGet("/common/discovery/v2.0/keys", () => Results.Content(entra.KeySet(), "application/json"));
        await entra.app.StartAsync();
        return entra;
    }

    public void RotateKey(string keyId) => key = NewKey(keyId);

    /// <summary>A hint as Entra issues it: expired from the start.</summary>
    /// <param name="changes">Claims; null leaves one out.</param>
    public string Hint(TestServer server, string objectId, params (string Name, object? Value)[] changes) =>
        Sign(Claims(server, objectId, changes), new SigningCredentials(key, SecurityAlgorithms.RsaSha256));

    public string HintOf(TestServer server, string objectId, SigningCredentials? credentials) => Sign(Claims(server, objectId, []), credentials);

    public static RsaSecurityKey NewKey(string keyId) => new(RSA.Create(2048)) { KeyId = keyId };

    /// <summary>The published part of the key, as a secret: a server that takes it for one accepts tokens of everybody.</summary>
    public SymmetricSecurityKey PublicKeyAsSecret() => new(key.Rsa.ExportRSAPublicKey()) { KeyId = key.KeyId };

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    private Dictionary<string, object> Claims(TestServer server, string objectId, (string Name, object? Value)[] changes)
    {
        var now = server.Clock.GetUtcNow().ToUnixTimeSeconds();
        var claims = new Dictionary<string, object>
        {
            ["ver"] = "2.0",
            ["iss"] = $"{Url}/{Tenant}/v2.0",
            ["sub"] = Subject,
            ["aud"] = ApplicationId,
            ["exp"] = now - 1,
            ["iat"] = now,
            ["nbf"] = now,
            ["preferred_username"] = $"{objectId}@example.com",
            ["oid"] = objectId,
            ["tid"] = Tenant,
        };
        foreach (var (name, value) in changes)
        {
            claims.Remove(name);
            if (value is not null)
            {
                claims[name] = value;
            }
        }

        return claims;
    }

    private static string Sign(Dictionary<string, object> claims, SigningCredentials? credentials) =>
        new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor { Claims = claims, SigningCredentials = credentials });

    private IResult Discover(string tenant)
    {
        Fetches++;
        return IsDown
            ? Results.StatusCode(StatusCodes.Status503ServiceUnavailable)
            : Results.Json(new { issuer = $"{Url}/{tenant}/v2.0", jwks_uri = Url + "/common/discovery/v2.0/keys" });
    }

    private string KeySet()
    {
        var parameters = key.Rsa.ExportParameters(includePrivateParameters: false);
        return $$"""
            {"keys":[{"kty":"RSA","use":"sig","kid":"{{key.KeyId}}","n":"{{Base64UrlEncoder.Encode(parameters.Modulus)}}","e":"{{Base64UrlEncoder.Encode(parameters.Exponent)}}"}]}
            """;
    }
}
