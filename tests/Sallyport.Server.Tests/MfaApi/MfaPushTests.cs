using System.Net;
using System.Web;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.MfaApi;

/// <summary>Push in the MFA API (docs/mfa-api.md, "Push").</summary>
public sealed class MfaPushTests(Servers servers) : IClassFixture<Servers>
{
    [Theory, Engines]
    public async Task A_phone_is_associated_by_its_barcode_and_the_tokens_follow_without_a_message(Engine engine)
    {
        var (client, person) = await CreateAsync(engine);
        var token = await client.MfaTokenAsync();

        var association = (await client.AssociateAsync(token, new { authenticator_types = new[] { "oob" }, oob_channels = new[] { "auth0" } })).ShouldBe(HttpStatusCode.OK);
        association.Names().ShouldBe(["authenticator_type", "barcode_uri", "oob_channel", "oob_code", "recovery_codes"]);
        var (code, uri) = ((string)association["oob_code"]!, new Uri((string)association["barcode_uri"]!));
        (await client.OobAsync(token, code, bindingCode: null)).ShouldBeOAuthError(HttpStatusCode.BadRequest, "authorization_pending");
        var query = HttpUtility.ParseQueryString(uri.Query);
        query["base_url"].ShouldBe(client.Server.Url + "/appliance-mfa");
        (await Phone.Of(person).EnrollAsync(query["enrollment_tx_id"]!)).ShouldBe(HttpStatusCode.Created);

        var tokens = (await client.OobAsync(token, code, bindingCode: null)).ShouldBe(HttpStatusCode.OK);
        tokens["access_token"].ShouldNotBeNull();
        (await client.OobAsync(token, code, bindingCode: null)).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory, Engines]
    public async Task A_sign_in_is_pending_until_the_phone_accepts_and_its_tokens_are_issued_once(Engine engine)
    {
        var (client, person) = await CreateAsync(engine);
        var phone = await EnrollAsync(client, person);
        var token = await client.MfaTokenAsync();

        var challenge = (await client.ChallengeAsync(token)).ShouldBe(HttpStatusCode.OK);
        challenge.Names().ShouldBe(["challenge_type", "oob_code"]);
        var code = (string)challenge["oob_code"]!;
        var push = await phone.WaitForPushAsync([]);
        (await client.OobAsync(token, code, bindingCode: null)).ShouldBeOAuthError(HttpStatusCode.BadRequest, "authorization_pending");
        (await client.OobAsync(token, "chl_unknown", bindingCode: null)).ShouldBeOAuthError(HttpStatusCode.Forbidden, "invalid_grant", "Invalid oob_code.");
        (await phone.AcceptAsync(push)).Status.ShouldBe(HttpStatusCode.NoContent);

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => client.OobAsync(token, code, bindingCode: null)));
        answers.Count(answer => answer.Status == HttpStatusCode.OK).ShouldBe(1);
    }

    [Theory, Engines]
    public async Task A_rejection_is_reported_and_another_challenge_can_be_accepted(Engine engine)
    {
        var (client, person) = await CreateAsync(engine);
        var phone = await EnrollAsync(client, person);
        var token = await client.MfaTokenAsync();
        var first = (string)(await client.ChallengeAsync(token)).ShouldBe(HttpStatusCode.OK)["oob_code"]!;
        (await phone.RejectAsync(await phone.WaitForPushAsync([]))).Status.ShouldBe(HttpStatusCode.NoContent);
        (await client.OobAsync(token, first, bindingCode: null)).ShouldBeOAuthError(HttpStatusCode.BadRequest, "access_denied", "MFA Authorization rejected.");

        var before = phone.List();
        var second = (string)(await client.ChallengeAsync(token)).ShouldBe(HttpStatusCode.OK)["oob_code"]!;
        (await phone.AcceptAsync(await phone.WaitForPushAsync(before))).Status.ShouldBe(HttpStatusCode.NoContent);

        (await client.OobAsync(token, second, bindingCode: null)).ShouldBe(HttpStatusCode.OK);
    }

    [Theory, Engines]
    public async Task Polling_too_often_is_slowed_down_and_never_answers_for_a_code(Engine engine)
    {
        var (client, person) = await CreateAsync(engine);
        var phone = await EnrollAsync(client, person);
        var token = await client.MfaTokenAsync();
        var code = (string)(await client.ChallengeAsync(token)).ShouldBe(HttpStatusCode.OK)["oob_code"]!;

        for (var i = 0; i < 12; i++)
        {
            (await client.OobAsync(token, code, bindingCode: null)).ShouldBeOAuthError(HttpStatusCode.BadRequest, "authorization_pending");
        }

        (await client.OobAsync(token, code, bindingCode: null)).ShouldBeOAuthError(HttpStatusCode.BadRequest, "slow_down");
        (await phone.AcceptAsync(await phone.WaitForPushAsync([]))).Status.ShouldBe(HttpStatusCode.NoContent);
        client.Server.Clock.Advance(TimeSpan.FromSeconds(6));
        (await client.OobAsync(token, code, bindingCode: null)).ShouldBe(HttpStatusCode.OK);
    }

    [Theory, Engines]
    public async Task Removing_the_phone_or_its_codes_removes_both(Engine engine)
    {
        var (client, person) = await CreateAsync(engine);
        var phone = await EnrollAsync(client, person);
        var mfaToken = await client.MfaTokenAsync(("audience", client.MfaAudience), ("scope", "read:authenticators remove:authenticators"));
        var code = (string)(await client.ChallengeAsync(mfaToken)).ShouldBe(HttpStatusCode.OK)["oob_code"]!;
        (await phone.AcceptAsync(await phone.WaitForPushAsync([]))).Status.ShouldBe(HttpStatusCode.NoContent);
        var token = (string)(await client.OobAsync(mfaToken, code, bindingCode: null)).ShouldBe(HttpStatusCode.OK)["access_token"]!;
        var listed = (await client.ListAsync(token)).ShouldBe(HttpStatusCode.OK).AsArray();
        listed.Select(item => ((string)item!["id"]!).Split('|')[0]).Order().ShouldBe(["push", "recovery-code", "totp"]);
        ((string)listed.Single(item => ((string)item!["id"]!).StartsWith("push", StringComparison.Ordinal))!["oob_channel"]!).ShouldBe("auth0");

        var totp = (string)listed.Single(item => ((string)item!["id"]!).StartsWith("totp", StringComparison.Ordinal))!["id"]!;
        (await client.DeleteAsync(token, totp)).Status.ShouldBe(HttpStatusCode.NoContent);

        (await client.CountAsync("authenticator")).ShouldBe(0);
    }

    private static async Task<Phone> EnrollAsync(MfaClient client, Person person)
    {
        var phone = Phone.Of(person);
        (await phone.EnrollAsync(await client.Management.CreateTicketAsync(client.UserId))).ShouldBe(HttpStatusCode.Created);
        return phone;
    }

    /// <returns>The client, and somebody whose server and clock the phone uses.</returns>
    private async Task<(MfaClient Client, Person Person)> CreateAsync(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var person = await Person.CreateAsync(server);
        await person.SetFactorAsync("push-notification", enabled: true);
        (await person.Management.SendAsync(HttpMethod.Put, "/guardian/policies", new[] { "all-applications" })).ShouldBe(HttpStatusCode.OK);
        return (await MfaClient.CreateAsync(server), person);
    }
}
