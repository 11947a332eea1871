using System.Net;
using System.Text.Json.Nodes;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.MfaApi;

/// <summary>Phones in the MFA API: <c>oob</c> with the channels <c>sms</c> and <c>voice</c>.</summary>
public sealed class PhoneAuthenticatorTests
{
    [Theory, Engines]
    public async Task A_phone_is_associated_with_the_code_of_a_text_message(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var (client, number) = (await CreateAsync(server, "sms"), PhonePerson.NewNumber());
        var mfaToken = await client.MfaTokenAsync();

        (await client.AssociateAsync(mfaToken, Phone("sms", null)))
            .ShouldBeOAuthError(HttpStatusCode.BadRequest, "invalid_request", "phone_number is required");
        (await client.AssociateAsync(mfaToken, Phone("sms", "+19005550123"))).ShouldBeOAuthError(HttpStatusCode.BadRequest, "invalid_request");
        (await client.AssociateAsync(mfaToken, Phone("voice", number))).ShouldBeOAuthError(HttpStatusCode.Unauthorized, "unsupported_challenge_type");
        var association = (await client.AssociateAsync(mfaToken, Phone("sms", number))).ShouldBe(HttpStatusCode.OK);

        association.Names().ShouldBe(["authenticator_type", "binding_method", "oob_channel", "oob_code", "recovery_codes"]);
        ((string)association["oob_channel"]!).ShouldBe("sms");
        ((string)association["binding_method"]!).ShouldBe("prompt");
        var (oobCode, code) = ((string)association["oob_code"]!, PhoneOutbox.CodeIn(await WaitAsync(server, number)));
        (await client.OobAsync(mfaToken, oobCode, code == "000000" ? "000001" : "000000"))
            .ShouldBeOAuthError(HttpStatusCode.Forbidden, "invalid_grant", "Invalid binding_code.");
        (await client.OtpAsync(mfaToken, code)).ShouldBeOAuthError(HttpStatusCode.Forbidden, "invalid_grant");
        (await client.OobAsync(mfaToken, oobCode, code)).ShouldBe(HttpStatusCode.OK);
        (await client.CountAsync("authenticator", "status = 'confirmed' AND factor = 'sms'")).ShouldBe(1);
    }

    [Theory, Engines]
    public async Task With_both_channels_a_phone_is_a_pair_that_is_challenged_by_either_and_removed_together(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var (client, number) = (await CreateAsync(server, "sms", "voice"), PhonePerson.NewNumber());
        var enrolled = await client.EnrollAsync();
        var id = await CreatePhoneAsync(client, number);
        var token = await client.MfaAccessTokenAsync(enrolled);

        var listed = (await client.ListAsync(token)).ShouldBe(HttpStatusCode.OK).AsArray()
            .Where(item => (string)item!["type"]! == "phone").Select(item => item!).ToList();
        listed.Select(item => (string)item["id"]!).ShouldBe(["sms|" + id, "voice|" + id]);
        listed.Select(item => (string)item["oob_channel"]!).ShouldBe(["sms", "voice"]);
        listed.ShouldAllBe(item => (string)item["authenticator_type"]! == "oob" && ((string)item["name"]!).EndsWith(number.Substring(number.Length - 4)));

        foreach (var (parameters, channel) in new[]
        {
            (new (string, string?)[] { ("authenticator_id", "voice|" + id) }, "voice"),
            ([("authenticator_id", "sms|" + id)], "sms"),
            ([("challenge_type", "oob"), ("oob_channel", "voice")], "voice"),
            ([("challenge_type", "oob")], "sms"),
        })
        {
            var mfaToken = await client.MfaTokenAsync();
            var before = PhoneOutbox.ListFiles(server);
            var challenge = (await client.ChallengeAsync(mfaToken, parameters)).ShouldBe(HttpStatusCode.OK);
            var message = await WaitAsync(server, number, before);
            ((string)message["channel"]!).ShouldBe(channel);
            (await client.OobAsync(mfaToken, (string)challenge["oob_code"]!, PhoneOutbox.CodeIn(message))).ShouldBe(HttpStatusCode.OK);
        }

        (await client.DeleteAsync(token, "voice|" + id)).Status.ShouldBe(HttpStatusCode.NoContent);
        (await client.DeleteAsync(token, "sms|" + id)).Status.ShouldBe(HttpStatusCode.NotFound);
        (await client.CountAsync("authenticator", "factor = 'sms'")).ShouldBe(0);
    }

    [Theory, Engines]
    public async Task Of_sixteen_requests_with_one_binding_code_one_gets_tokens(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var (client, number) = (await CreateAsync(server, "sms"), PhonePerson.NewNumber());
        await CreatePhoneAsync(client, number);
        var mfaToken = await client.MfaTokenAsync();
        var oobCode = (string)(await client.ChallengeAsync(mfaToken)).ShouldBe(HttpStatusCode.OK)["oob_code"]!;
        var code = PhoneOutbox.CodeIn(await WaitAsync(server, number));

        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => client.OobAsync(mfaToken, oobCode, code)));

        answers.Count(answer => answer.Status == HttpStatusCode.OK).ShouldBe(1);
    }

    [Theory, Engines]
    public async Task Too_many_challenges_are_refused_with_the_time_to_wait(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var client = await CreateAsync(server, "sms");
        await CreatePhoneAsync(client, PhonePerson.NewNumber());
        var mfaToken = await client.MfaTokenAsync();
        (await client.ChallengeAsync(mfaToken)).ShouldBe(HttpStatusCode.OK);

        var refused = await client.ChallengeAsync(mfaToken);

        refused.ShouldBeOAuthError(HttpStatusCode.TooManyRequests, "too_many_requests");
        refused.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(30));
    }

    private static JsonObject Phone(string channel, string? number)
    {
        var body = new JsonObject { ["authenticator_types"] = new JsonArray("oob"), ["oob_channels"] = new JsonArray(channel) };
        if (number is not null)
        {
            body["phone_number"] = number;
        }

        return body;
    }

    private static async Task<JsonObject> WaitAsync(TestServer server, string number, IEnumerable<string>? before = null) =>
        (await Eventually.GetAsync(() => Task.FromResult(PhoneOutbox.ListTo(server, number, before)), messages => messages.Count == 1))[0];

    /// <returns>The id of the authenticator, without its type.</returns>
    private static async Task<string> CreatePhoneAsync(MfaClient client, string number)
    {
        var created = await client.Management.SendAsync(
            HttpMethod.Post, client.UserPath + "/authentication-methods", new { type = "phone", name = "Work", phone_number = number });
        return ((string)created.ShouldBe(HttpStatusCode.Created)["id"]!).Split('|')[1];
    }

    private static async Task<MfaClient> CreateAsync(TestServer server, params string[] messageTypes)
    {
        var client = await MfaClient.CreateAsync(server);
        foreach (var (path, body) in new (string, object)[]
        {
            ("/guardian/factors/sms", new { enabled = true }),
            ("/guardian/factors/phone/message-types", new { message_types = messageTypes }),
            ("/guardian/policies", new[] { "all-applications" }),
        })
        {
            (await client.Management.SendAsync(HttpMethod.Put, path, body)).ShouldBe(HttpStatusCode.OK);
        }

        return client;
    }
}
