using System.Net;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.JsonWebTokens;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.MfaApi;

/// <summary>Users list, add and remove their authenticators through the MFA API.</summary>
public sealed class AuthenticatorTests(Servers servers) : IClassFixture<Servers>
{
    private static readonly object Otp = new { authenticator_types = new[] { "otp" } };
    private static readonly object EmailChannel = new { authenticator_types = new[] { "oob" }, oob_channels = new[] { "email" } };

    [Theory, Engines]
    public async Task A_user_whom_a_policy_asks_for_a_factor_associates_one_and_is_signed_in(Engine engine)
    {
        var client = await CreateAsync(engine);
        await using var policy = await RequireAsync(client);
        var mfaToken = await client.MfaTokenAsync();
        (await client.ChallengeAsync(mfaToken)).ShouldBeOAuthError(HttpStatusCode.Forbidden, "association_required");

        var first = (await client.AssociateAsync(mfaToken, Otp)).ShouldBe(HttpStatusCode.OK);
        var second = (await client.AssociateAsync(mfaToken, Otp)).ShouldBe(HttpStatusCode.OK);

        second.Names().ShouldBe(["authenticator_type", "barcode_uri", "recovery_codes", "secret"]);
        ((string)second["barcode_uri"]!).ShouldStartWith("otpauth://totp/");
        second["recovery_codes"].Texts().ShouldHaveSingleItem().Length.ShouldBe(24);
        ((bool)(await client.ListAsync(mfaToken)).ShouldBe(HttpStatusCode.OK).AsArray()[0]!["active"]!).ShouldBeFalse();
        (await client.OtpAsync(mfaToken, client.CodeOf(first))).ShouldBeOAuthError(HttpStatusCode.Forbidden, "invalid_grant");
        (await client.OtpAsync(mfaToken, client.CodeOf(second))).ShouldBe(HttpStatusCode.OK);
        (await client.CountAsync("authenticator", "status = 'confirmed' AND factor = 'otp'")).ShouldBe(1);
        (await client.RecoverAsync(await client.MfaTokenAsync(), second["recovery_codes"].Texts()[0])).ShouldBe(HttpStatusCode.OK);
    }

    [Theory, Engines]
    public async Task The_address_of_a_user_is_associated_with_the_code_of_a_mail(Engine engine)
    {
        var client = await CreateAsync(engine);
        await using var policy = await RequireAsync(client);
        (await client.Management.SendAsync(HttpMethod.Put, "/guardian/factors/email", new { enabled = true })).ShouldBe(HttpStatusCode.OK);
        var mfaToken = await client.MfaTokenAsync();
        (await client.AssociateAsync(mfaToken, new { authenticator_types = new[] { "oob" }, oob_channels = new[] { "email" }, email = "other@example.com" }))
            .ShouldBeOAuthError(HttpStatusCode.BadRequest, "invalid_request");
        var before = Mail.ListFilesTo(client.Server, client.Email);

        var association = (await client.AssociateAsync(mfaToken, EmailChannel)).ShouldBe(HttpStatusCode.OK);

        association.Names().ShouldBe(["authenticator_type", "binding_method", "oob_channel", "oob_code", "recovery_codes"]);
        ((string)association["oob_channel"]!).ShouldBe("email");
        var code = await Mail.WaitForCodeAsync(client.Server, client.Email, before);
        (await client.OobAsync(mfaToken, (string)association["oob_code"]!, code)).ShouldBe(HttpStatusCode.OK);
        (await client.CountAsync("authenticator", "status = 'confirmed' AND factor = 'email'")).ShouldBe(1);
    }

    [Theory, Engines]
    public async Task Without_self_service_nothing_can_be_associated(Engine engine)
    {
        var client = await MfaClient.CreateAsync(
            await servers.GetAsync(engine), new JsonObject { ["client_metadata"] = new JsonObject { ["self_service_enrollment"] = "false" } });
        await using var policy = await RequireAsync(client);
        var required = await client.PasswordAsync();
        required.Json!["mfa_requirements"]!["enroll"]!.AsArray().ShouldBeEmpty();

        (await client.AssociateAsync((string)required.Json["mfa_token"]!, Otp)).ShouldBeOAuthError(HttpStatusCode.Unauthorized, "unsupported_challenge_type");

        (await client.CountAsync("authenticator")).ShouldBe(0);
    }

    [Theory, Engines]
    public async Task Without_self_service_an_access_token_associates_no_first_authenticator(Engine engine)
    {
        var client = await MfaClient.CreateAsync(
            await servers.GetAsync(engine), new JsonObject { ["client_metadata"] = new JsonObject { ["self_service_enrollment"] = "false" } });
        var unproved = (string)(await client.PasswordAsync(("audience", client.MfaAudience))).ShouldBe(HttpStatusCode.OK)["access_token"]!;

        (await client.AssociateAsync(unproved, Otp)).ShouldBeOAuthError(HttpStatusCode.Unauthorized, "unsupported_challenge_type");

        (await client.CountAsync("authenticator")).ShouldBe(0);
        var proved = await client.MfaAccessTokenAsync(await client.EnrollAsync());
        (await client.AssociateAsync(proved, Otp)).ShouldBe(HttpStatusCode.OK);
    }

    [Theory, Engines]
    public async Task An_enrolled_user_adds_and_removes_authenticators_with_an_access_token_only(Engine engine)
    {
        var client = await CreateAsync(engine);
        var enrolled = await client.EnrollAsync();
        var mfaToken = await client.MfaTokenAsync();
        (await client.AssociateAsync(mfaToken, Otp)).ShouldBeOAuthError(HttpStatusCode.Forbidden, "access_denied", "User is already enrolled.");
        (await client.DeleteAsync(mfaToken, "totp|" + enrolled.AuthenticatorId)).ShouldBeOAuthError(HttpStatusCode.Forbidden, "insufficient_scope");
        var token = await client.MfaAccessTokenAsync(enrolled);
        new JsonWebToken(token).Audiences.ShouldBe([client.MfaAudience]);

        var added = (await client.AssociateAsync(token, Otp)).ShouldBe(HttpStatusCode.OK);
        added["recovery_codes"].ShouldBeNull();
        ((int)(await client.OtpAsync(token, client.CodeOf(added))).ShouldBe(HttpStatusCode.OK)["expires_in"]!).ShouldBe(600);

        var ids = (await client.ListAsync(token)).ShouldBe(HttpStatusCode.OK).AsArray()
            .Where(item => (string)item!["authenticator_type"]! == "otp").Select(item => (string)item!["id"]!).ToList();
        ids.Count.ShouldBe(2);
        var added2 = ids.Single(id => id != "totp|" + enrolled.AuthenticatorId);
        foreach (var unknown in new[] { "totp|dev_unknown", enrolled.AuthenticatorId, "sms|" + enrolled.AuthenticatorId })
        {
            (await client.DeleteAsync(token, unknown)).Status.ShouldBe(HttpStatusCode.NotFound);
        }

        (await client.DeleteAsync(token, added2)).Status.ShouldBe(HttpStatusCode.NoContent);
        (await client.DeleteAsync(token, added2)).Status.ShouldBe(HttpStatusCode.NotFound);
        (await client.DeleteAsync(token, "totp|" + enrolled.AuthenticatorId)).Status.ShouldBe(HttpStatusCode.NoContent);
        (await client.CountAsync("authenticator")).ShouldBe(0);
        (await client.Management.ListLogTypesAsync(client.UserId)).Count(type => type == "gd_unenroll").ShouldBe(2);
    }

    [Theory, Engines]
    public async Task A_token_from_before_the_first_enrollment_or_of_a_removed_authenticator_changes_nothing(Engine engine)
    {
        var client = await CreateAsync(engine);
        var early = (string)(await client.PasswordAsync(("audience", client.MfaAudience))).ShouldBe(HttpStatusCode.OK)["access_token"]!;
        (await client.ListAsync(early)).ShouldBe(HttpStatusCode.OK).AsArray().ShouldBeEmpty();
        var enrolled = await client.EnrollAsync();
        var proved = await client.MfaAccessTokenAsync(enrolled);
        var kept = (await client.AssociateAsync(proved, Otp)).ShouldBe(HttpStatusCode.OK);
        (await client.OtpAsync(proved, client.CodeOf(kept))).ShouldBe(HttpStatusCode.OK);
        await AssertRefusedAsync(early);

        (await client.Management.SendAsync(HttpMethod.Delete, "/guardian/enrollments/" + enrolled.AuthenticatorId)).Status.ShouldBe(HttpStatusCode.NoContent);

        await AssertRefusedAsync(proved);

        async Task AssertRefusedAsync(string token)
        {
            (await client.ListAsync(token)).ShouldBeOAuthError(HttpStatusCode.Forbidden, "access_denied");
            (await client.AssociateAsync(token, Otp)).ShouldBeOAuthError(HttpStatusCode.Forbidden, "access_denied");
            (await client.DeleteAsync(token, "totp|" + enrolled.AuthenticatorId)).ShouldBeOAuthError(HttpStatusCode.Forbidden, "access_denied");
        }
    }

    [Theory, Engines]
    public async Task Adding_and_removing_needs_a_second_factor_from_the_last_five_minutes(Engine engine)
    {
        var client = await CreateAsync(engine);
        var enrolled = await client.EnrollAsync();
        var token = await client.MfaAccessTokenAsync(enrolled);
        client.Server.Clock.Advance(TimeSpan.FromSeconds(298));
        var begun = (await client.AssociateAsync(token, Otp)).ShouldBe(HttpStatusCode.OK);
        client.Server.Clock.Advance(TimeSpan.FromSeconds(3));

        (await client.AssociateAsync(token, Otp)).ShouldBeOAuthError(HttpStatusCode.Forbidden, "access_denied", "The second factor was used too long ago. Sign in again.");
        (await client.DeleteAsync(token, "totp|" + enrolled.AuthenticatorId))
            .ShouldBeOAuthError(HttpStatusCode.Forbidden, "access_denied", "The second factor was used too long ago. Sign in again.");

        (await client.ListAsync(token)).ShouldBe(HttpStatusCode.OK);
        (await client.CountAsync("authenticator", "status = 'confirmed' AND factor = 'otp'")).ShouldBe(1);
        // What was begun in time can be finished.
        (await client.OtpAsync(token, client.CodeOf(begun))).ShouldBe(HttpStatusCode.OK);
        var fresh = await client.MfaAccessTokenAsync(enrolled);
        (await client.AssociateAsync(fresh, Otp)).ShouldBe(HttpStatusCode.OK);
        (await client.DeleteAsync(fresh, "totp|" + enrolled.AuthenticatorId)).Status.ShouldBe(HttpStatusCode.NoContent);
    }

    [Theory, Engines]
    public async Task A_user_without_an_authenticator_has_no_second_factor_to_be_recent(Engine engine)
    {
        var client = await CreateAsync(engine);
        var token = (string)(await client.PasswordAsync(("audience", client.MfaAudience))).ShouldBe(HttpStatusCode.OK)["access_token"]!;
        client.Server.Clock.Advance(TimeSpan.FromMinutes(9));

        var begun = (await client.AssociateAsync(token, Otp)).ShouldBe(HttpStatusCode.OK);

        (await client.OtpAsync(token, client.CodeOf(begun))).ShouldBe(HttpStatusCode.OK);
        (await client.AssociateAsync(token, Otp)).ShouldBeOAuthError(HttpStatusCode.Forbidden, "access_denied");
    }

    [Theory, Engines]
    public async Task The_first_authenticator_is_begun_a_hundred_times_at_most(Engine engine)
    {
        var client = await CreateAsync(engine);
        await using var policy = await RequireAsync(client);
        var mfaToken = await client.MfaTokenAsync();
        await client.Server.Database.WriteAsync(
            unit =>
            {
                unit.Enqueue(new Statement("UPDATE \"transaction\" SET starts = 99 WHERE user_id = @user_id", ("user_id", client.UserId)));
                return ValueTask.CompletedTask;
            },
            CancellationToken.None);

        (await client.AssociateAsync(mfaToken, Otp)).ShouldBe(HttpStatusCode.OK);

        (await client.AssociateAsync(mfaToken, Otp)).ShouldBeOAuthError(HttpStatusCode.TooManyRequests, "too_many_requests");
    }

    [Theory, Engines]
    public async Task Each_call_needs_its_scope_and_a_token_of_this_audience(Engine engine)
    {
        var client = await CreateAsync(engine);
        var read = (string)(await client.PasswordAsync(("audience", client.MfaAudience), ("scope", "read:authenticators"))).ShouldBe(HttpStatusCode.OK)["access_token"]!;
        var other = (string)(await client.PasswordAsync()).ShouldBe(HttpStatusCode.OK)["access_token"]!;

        (await client.ListAsync(read)).ShouldBe(HttpStatusCode.OK);
        (await client.AssociateAsync(read, Otp)).ShouldBeOAuthError(HttpStatusCode.Forbidden, "insufficient_scope");
        (await client.DeleteAsync(read, "totp|x")).ShouldBeOAuthError(HttpStatusCode.Forbidden, "insufficient_scope");
        (await client.ListAsync(other)).ShouldBeOAuthError(HttpStatusCode.Unauthorized, "invalid_grant");
        (await client.SendAsync(HttpMethod.Get, "/mfa/authenticators", token: null)).ShouldBeOAuthError(HttpStatusCode.Unauthorized, "invalid_grant");
        (await client.SendAsync(HttpMethod.Get, "/api/v2/users", read)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        client.Server.Clock.Advance(TimeSpan.FromMinutes(10));
        (await client.ListAsync(read)).ShouldBeOAuthError(HttpStatusCode.Unauthorized, "expired_token");
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"authenticator_types\":[]}")]
    [InlineData("{\"authenticator_types\":[\"push\"]}")]
    [InlineData("{\"authenticator_types\":\"otp\"}")]
    [InlineData("{\"authenticator_types\":[\"otp\"],\"unknown\":1}")]
    [InlineData("[]")]
    [InlineData("no JSON")]
    public async Task A_bad_body_is_refused_in_the_format_of_OAuth(string body)
    {
        var client = await CreateAsync(Engine.Sqlite);

        (await client.SendAsync(
            HttpMethod.Post, "/mfa/associate", "token", new StringContent(body, System.Text.Encoding.UTF8, "application/json")))
            .ShouldBeOAuthError(HttpStatusCode.BadRequest, "invalid_request");
    }

    private async Task<MfaClient> CreateAsync(Engine engine) => await MfaClient.CreateAsync(await servers.GetAsync(engine));

    /// <summary>Requires a second factor of all users until the result is disposed.</summary>
    private static async Task<Policy> RequireAsync(MfaClient client)
    {
        (await client.Management.SendAsync(HttpMethod.Put, "/guardian/policies", new[] { "all-applications" })).ShouldBe(HttpStatusCode.OK);
        return new Policy(client);
    }

    private sealed class Policy(MfaClient client) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() =>
            (await client.Management.SendAsync(HttpMethod.Put, "/guardian/policies", Array.Empty<string>())).ShouldBe(HttpStatusCode.OK);
    }
}
