using System.Text.Json.Nodes;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.PublishedClients;

/// <summary>Helpers for the tests of auth0-guardian-js.</summary>
internal static class GuardianJs
{
    /// <summary>The first and the last version that npm has, by their names in <c>tests/clients/package.json</c>.</summary>
    public const string First = "auth0-guardian-js-0.2.5";
    public const string Last = "auth0-guardian-js";

    public static Task<JsonNode> RunAsync(string scenario, Person person, string ticket, Flow? enrolled = null) =>
        NodeClient.RunAsync(scenario, new
        {
            serviceUrl = person.Server.Url + person.Prefix,
            ticket,
            transport = "polling",
            now = person.Clock.GetUtcNow().ToUnixTimeSeconds(),
            otpSecret = (string?)enrolled?.Json["device_account"]!["otp_secret"],
            recoveryCode = enrolled?.RecoveryCode,
        });

    /// <summary>The client compares the expiry of tokens with its own clock, so the server's clock is set to the same time.</summary>
    public static async Task<Person> CreatePersonAsync(TestServer server, string prefix)
    {
        server.Clock.Set(TimeProvider.System.GetUtcNow());
        return await Person.CreateAsync(server, prefix);
    }

    public static async Task ShouldBeSignedAsync(Person person, string signature)
    {
        var keys = new JsonWebKeySet(await person.Server.Http.GetStringAsync("/.well-known/jwks.json"));
        var result = await new JsonWebTokenHandler().ValidateTokenAsync(signature, new TokenValidationParameters
        {
            IssuerSigningKeys = keys.GetSigningKeys(),
            ValidAlgorithms = [SecurityAlgorithms.RsaSha256],
            ValidIssuer = person.Server.Url + "/",
            ValidateAudience = false,
        });
        result.IsValid.ShouldBeTrue(result.Exception?.Message);
        result.Claims["status"].ShouldBe("ok");
        result.Claims["sub"].ShouldBe(person.UserId);
    }
}
