using System.Net;
using Microsoft.IdentityModel.JsonWebTokens;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.MfaApi;

/// <summary>The second step of the MFA API: codes are exchanged for tokens.</summary>
public sealed class SecondFactorGrantTests(Servers servers) : IClassFixture<Servers>
{
    [Theory, Engines]
    public async Task A_right_code_of_an_app_gives_tokens_once(Engine engine)
    {
        var (client, enrolled) = await CreateEnrolledAsync(engine);
        var required = await client.PasswordAsync(("scope", "openid profile"));
        required.ShouldBeOAuthError(HttpStatusCode.Forbidden, "mfa_required", "Multifactor authentication required");
        required.Json!["mfa_requirements"]!["challenge"]!.AsArray().Select(item => (string)item!["type"]!).ShouldBe(["otp", "recovery-code"], ignoreOrder: true);
        var mfaToken = (string)required.Json["mfa_token"]!;

        var answer = (await client.OtpAsync(mfaToken, client.Guardian.CodeOf(enrolled, 1))).ShouldBe(HttpStatusCode.OK);

        ((string)answer["scope"]!).ShouldBe("openid profile");
        ((int)answer["expires_in"]!).ShouldBe(86400);
        new JsonWebToken((string)answer["access_token"]!).Subject.ShouldBe(client.UserId);
        new JsonWebToken((string)answer["id_token"]!).Audiences.ShouldBe([client.ClientId]);
        answer["recovery_code"].ShouldBeNull();
        (await client.OtpAsync(mfaToken, client.Guardian.CodeOf(enrolled, 1))).ShouldBeOAuthError(HttpStatusCode.Unauthorized, "expired_token", "mfa_token is expired");
        (await client.Management.ListLogTypesAsync(client.UserId)).ShouldContain("seotpft");
    }

    [Theory, Engines]
    public async Task A_recovery_code_gives_tokens_once_and_a_new_code(Engine engine)
    {
        var (client, enrolled) = await CreateEnrolledAsync(engine);

        var answer = (await client.RecoverAsync(await client.MfaTokenAsync(), enrolled.RecoveryCode!)).ShouldBe(HttpStatusCode.OK);

        var replacement = (string)answer["recovery_code"]!;
        (await client.RecoverAsync(await client.MfaTokenAsync(), enrolled.RecoveryCode!))
            .ShouldBeOAuthError(HttpStatusCode.Forbidden, "invalid_grant", "Invalid recovery_code.");
        (await client.RecoverAsync(await client.MfaTokenAsync(), replacement)).ShouldBe(HttpStatusCode.OK);
    }

    [Theory, Engines]
    public async Task A_code_of_a_mail_is_exchanged_with_the_code_of_its_challenge(Engine engine)
    {
        var (client, enrolled) = await CreateEnrolledAsync(engine);
        await EnrollEmailAsync(client);
        var mfaToken = await client.MfaTokenAsync();
        var before = Mail.ListFilesTo(client.Server, client.Email);

        var challenge = (await client.ChallengeAsync(mfaToken, ("challenge_type", "oob"))).ShouldBe(HttpStatusCode.OK);

        ((string)challenge["challenge_type"]!).ShouldBe("oob");
        ((string)challenge["binding_method"]!).ShouldBe("prompt");
        var oobCode = (string)challenge["oob_code"]!;
        var code = await Mail.WaitForCodeAsync(client.Server, client.Email, before);
        (await client.OtpAsync(mfaToken, code)).ShouldBeOAuthError(HttpStatusCode.Forbidden, "invalid_grant", "Invalid otp_code.");
        (await client.OobAsync(mfaToken, "chl_other", code)).ShouldBeOAuthError(HttpStatusCode.Forbidden, "invalid_grant", "Invalid binding_code.");
        (await client.OobAsync(mfaToken, oobCode, client.Guardian.CodeOf(enrolled, 1))).ShouldBeOAuthError(HttpStatusCode.Forbidden, "invalid_grant");
        (await client.OobAsync(mfaToken, oobCode, bindingCode: null))
            .ShouldBeOAuthError(HttpStatusCode.BadRequest, "invalid_request", "Missing required parameter: binding_code");
        (await client.OobAsync(mfaToken, oobCode, code)).ShouldBe(HttpStatusCode.OK);
        (await client.Management.ListLogTypesAsync(client.UserId)).ShouldContain("seoobft");
    }

    [Theory, Engines]
    public async Task A_challenge_names_the_authenticator_and_respects_what_the_client_can_do(Engine engine)
    {
        var (client, _) = await CreateEnrolledAsync(engine);
        var mfaToken = await client.MfaTokenAsync();
        var listed = (await client.ListAsync(mfaToken)).ShouldBe(HttpStatusCode.OK).AsArray();
        var app = listed.Single(item => (string)item!["authenticator_type"]! == "otp")!;
        ((string)app["id"]!).ShouldStartWith("totp|dev_");
        ((bool)app["active"]!).ShouldBeTrue();
        listed.Count(item => (string)item!["authenticator_type"]! == "recovery-code").ShouldBe(1);

        foreach (var changes in new (string, string?)[][] { [], [("challenge_type", "oob otp")], [("authenticator_id", (string)app["id"]!)] })
        {
            var challenge = (await client.ChallengeAsync(mfaToken, changes)).ShouldBe(HttpStatusCode.OK);
            challenge.Names().ShouldBe(["challenge_type"]);
            ((string)challenge["challenge_type"]!).ShouldBe("otp");
        }

        (await client.ChallengeAsync(mfaToken, ("challenge_type", "oob"))).ShouldBeOAuthError(HttpStatusCode.Unauthorized, "unsupported_challenge_type");
        (await client.ChallengeAsync(mfaToken, ("authenticator_id", "totp|dev_other"))).ShouldBeOAuthError(HttpStatusCode.BadRequest, "invalid_request");
    }

    [Theory, Engines]
    public async Task Wrong_codes_count_against_the_user_across_all_ways_to_sign_in(Engine engine)
    {
        var (client, enrolled) = await CreateEnrolledAsync(engine);
        var mfaToken = await client.MfaTokenAsync();
        var ticket = await client.Management.CreateTicketAsync(client.UserId);
        var flow = await client.Guardian.StartAsync(ticket);
        var wrong = client.Guardian.WrongCodeOf(enrolled);
        for (var i = 0; i < 5; i++)
        {
            (await client.OtpAsync(mfaToken, wrong)).ShouldBeOAuthError(HttpStatusCode.Forbidden, "invalid_grant", "Invalid otp_code.");
            (await client.Guardian.VerifyAsync(flow, wrong)).ShouldBeError(HttpStatusCode.Forbidden, "invalid_otp");
        }

        var locked = await client.OtpAsync(await client.MfaTokenAsync(), client.Guardian.CodeOf(enrolled, 1));

        locked.ShouldBeOAuthError(
            HttpStatusCode.TooManyRequests, "too_many_requests", "Too many failed codes. Wait for some minutes before retrying.");
        locked.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromMinutes(6));
    }

    [Theory, Engines]
    public async Task A_token_ends_after_ten_minutes_with_a_block_and_with_a_reset_of_the_factors(Engine engine)
    {
        foreach (var end in new Func<MfaClient, Task>[] { ExpireAsync, BlockAsync, ResetAsync })
        {
            var (client, enrolled) = await CreateEnrolledAsync(engine);
            var mfaToken = await client.MfaTokenAsync();

            await end(client);

            (await client.OtpAsync(mfaToken, client.Guardian.CodeOf(enrolled, 1))).ShouldBeOAuthError(HttpStatusCode.Unauthorized, "expired_token");
            (await client.ChallengeAsync(mfaToken)).ShouldBeOAuthError(HttpStatusCode.Unauthorized, "expired_token");
            (await client.ListAsync(mfaToken)).ShouldBeOAuthError(HttpStatusCode.Unauthorized, "expired_token");
            (await client.AssociateAsync(mfaToken, new { authenticator_types = new[] { "otp" } })).ShouldBeOAuthError(HttpStatusCode.Unauthorized, "expired_token");
        }

        static Task ExpireAsync(MfaClient client)
        {
            client.Server.Clock.Advance(TimeSpan.FromMinutes(10));
            return Task.CompletedTask;
        }

        static async Task BlockAsync(MfaClient client) =>
            (await client.Management.SendAsync(HttpMethod.Patch, client.UserPath, new { blocked = true })).ShouldBe(HttpStatusCode.OK);

        static async Task ResetAsync(MfaClient client) =>
            (await client.Management.SendAsync(HttpMethod.Delete, client.UserPath + "/authentication-methods")).Status.ShouldBe(HttpStatusCode.NoContent);
    }

    [Theory, Engines]
    public async Task A_token_belongs_to_one_client_and_is_no_other_token(Engine engine)
    {
        var (client, enrolled) = await CreateEnrolledAsync(engine);
        var other = await MfaClient.CreateAsync(client.Server);
        var mfaToken = await client.MfaTokenAsync();
        var code = client.Guardian.CodeOf(enrolled, 1);
        var transactionToken = (await client.Guardian.StartAsync(await client.Management.CreateTicketAsync(client.UserId))).Token;

        (await other.OtpAsync(mfaToken, code)).ShouldBeOAuthError(HttpStatusCode.BadRequest, "invalid_request", "mfa_token not issued to this client");
        (await other.ChallengeAsync(mfaToken)).ShouldBeOAuthError(HttpStatusCode.BadRequest, "invalid_request");
        foreach (var wrong in new[] { "no-token", transactionToken, await client.Management.FetchTokenAsync(), mfaToken[..^2] + "AA" })
        {
            (await client.OtpAsync(wrong, code)).ShouldBeOAuthError(HttpStatusCode.Unauthorized, "invalid_grant", "Malformed mfa_token");
            (await client.ListAsync(wrong)).ShouldBeOAuthError(HttpStatusCode.Unauthorized, "invalid_grant");
        }

        (await client.Guardian.SendAsync("start-flow", "Bearer " + mfaToken)).ShouldBeError(HttpStatusCode.Unauthorized, "invalid_token");
        (await client.Guardian.SendAsync("transaction-state", "Bearer " + mfaToken)).ShouldBeError(HttpStatusCode.Unauthorized, "invalid_token");
        (await client.OtpAsync(mfaToken, code)).ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("mfa-otp", "otp")]
    [InlineData("mfa-recovery-code", "recovery_code")]
    [InlineData("mfa-oob", "oob_code")]
    public async Task A_missing_parameter_is_named(string grantType, string missing)
    {
        var client = await MfaClient.CreateAsync(await servers.GetAsync(Engine.Sqlite));

        (await client.TokenAsync(MfaClient.Prefix + grantType)).ShouldBeOAuthError(HttpStatusCode.BadRequest, "invalid_request", "Missing required parameter: mfa_token");
        (await client.TokenAsync(MfaClient.Prefix + grantType, ("mfa_token", "x")))
            .ShouldBeOAuthError(HttpStatusCode.BadRequest, "invalid_request", "Missing required parameter: " + missing);
    }

    private static async Task EnrollEmailAsync(MfaClient client)
    {
        (await client.Management.SendAsync(HttpMethod.Put, "/guardian/factors/email", new { enabled = true })).ShouldBe(HttpStatusCode.OK);
        (await client.Management.SendAsync(
            HttpMethod.Post, client.UserPath + "/authentication-methods", new { type = "email", email = client.Email, name = "Mail" })).ShouldBe(HttpStatusCode.Created);
    }

    private async Task<(MfaClient Client, Flow Enrolled)> CreateEnrolledAsync(Engine engine)
    {
        var client = await MfaClient.CreateAsync(await servers.GetAsync(engine));
        return (client, await client.EnrollAsync());
    }
}
