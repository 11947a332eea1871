using System.Text.Json.Nodes;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.PublishedClients;

/// <summary>npm <c>@auth0/auth0-auth-js</c> 1.16.1, unmodified, over TLS: the MFA API. It verifies the ID tokens itself.</summary>
[Collection(SharedServers.Name)]
public sealed class AuthJsTests(Servers servers)
{
    [Theory, Engines]
    public async Task A_user_signs_in_with_an_app_and_with_a_recovery_code(Engine engine)
    {
        var (client, enrolled) = await CreateEnrolledAsync(engine);
        var password = new { username = client.Email, password = MfaClient.Password, scope = "openid profile email" };

        var results = await RunAsync(client,
            Step("password", password),
            Step("list", new { mfaToken = "$0.error.cause.mfa_token" }),
            Step("challenge", new { mfaToken = "$0.error.cause.mfa_token", challengeType = "otp" }),
            Step("verify", new { mfaToken = "$0.error.cause.mfa_token", factorType = "otp", otp = client.Guardian.WrongCodeOf(enrolled) }),
            Step("verify", new { mfaToken = "$0.error.cause.mfa_token", factorType = "otp", otp = client.Guardian.CodeOf(enrolled, 1) }),
            Step("password", password),
            Step("verify", new { mfaToken = "$5.error.cause.mfa_token", factorType = "recovery-code", recoveryCode = enrolled.RecoveryCode }));

        ((string?)results[0]!["error"]!["cause"]!["error"]).ShouldBe("mfa_required", results.ToJsonString());
        results[1]!["value"]!.AsArray().Select(item => (string)item!["authenticatorType"]!).ShouldBe(["otp", "recovery-code"], ignoreOrder: true);
        ((string?)results[2]!["value"]!["challengeType"]).ShouldBe("otp");
        ((string?)results[3]!["error"]!["cause"]!["error_description"]).ShouldBe("Invalid otp_code.");
        ((string?)results[4]!["value"]!["claims"]!["sub"]).ShouldBe(client.UserId);
        ((string?)results[4]!["value"]!["claims"]!["email"]).ShouldBe(client.Email);
        ((string)results[6]!["value"]!["recoveryCode"]!).Length.ShouldBe(24);
    }

    [Theory, Engines]
    public async Task A_user_enrolls_and_removes_another_authenticator(Engine engine)
    {
        var (client, enrolled) = await CreateEnrolledAsync(engine);
        var token = await client.MfaAccessTokenAsync(enrolled);

        var added = (await RunAsync(client, Step("enroll", new { mfaToken = token, authenticatorTypes = new[] { "otp" } })))[0]!["value"]!;
        ((string)added["barcodeUri"]!).ShouldStartWith("otpauth://totp/");
        var results = await RunAsync(client,
            Step("verify", new { mfaToken = token, factorType = "otp", otp = client.CodeOf(added) }),
            Step("remove", new { mfaToken = token, authenticatorId = "totp|" + enrolled.AuthenticatorId }));

        results[0]!["value"]!["accessToken"].ShouldNotBeNull(results.ToJsonString());
        results[1]!["error"].ShouldBeNull(results.ToJsonString());
        (await client.CountAsync("authenticator", "factor = 'otp' AND status = 'confirmed'")).ShouldBe(1);
    }

    private static object Step(string call, object args) => new { call, args };

    private static async Task<JsonArray> RunAsync(MfaClient client, params object[] steps) =>
        (await NodeClient.RunScriptAsync("mfa", "run.cjs", new { domain = client.Server.Domain, clientId = client.ClientId, clientSecret = client.Secret, steps })).AsArray();

    /// <summary>The client compares ID tokens with the time of the machine.</summary>
    private async Task<(MfaClient Client, Flow Enrolled)> CreateEnrolledAsync(Engine engine)
    {
        var server = await servers.GetSecureAsync(engine);
        server.Clock.Run();
        var client = await MfaClient.CreateAsync(server);
        return (client, await client.EnrollAsync());
    }
}
