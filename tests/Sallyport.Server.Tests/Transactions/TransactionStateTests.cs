using System.Net;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Transactions;

/// <summary>The state of a transaction and its signed result (docs/wire.md §1.5 and §3.3).</summary>
public sealed class TransactionStateTests(Servers servers) : IClassFixture<Servers>
{
    [Theory, EnginesAndBases]
    public async Task The_state_of_a_pending_enrollment_has_only_an_id_and_a_state(Engine engine, string prefix)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine), prefix);
        var flow = await person.StartAsync();

        var state = await person.Guardian.GetStateAsync(flow);

        state.Names().ShouldBe(["id", "state"]);
        ((string)state["id"]!).ShouldMatch("^txn_[A-Za-z0-9]{30}$");
        ((string)state["id"]!).ShouldBe((string)new JsonWebToken(flow.Token).GetPayloadValue<string>("txid"));
        ((string)state["state"]!).ShouldBe("pending");
    }

    [Theory, EnginesAndBases]
    public async Task The_state_of_an_accepted_enrollment_has_the_enrollment_and_the_signed_result(Engine engine, string prefix)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine), prefix);
        var flow = await person.EnrollAsync();

        var state = await person.Guardian.GetStateAsync(flow);

        state.Names().ShouldBe(["enrollment", "id", "state", "token"]);
        ((string)state["state"]!).ShouldBe("accepted");
        var enrollment = state["enrollment"];
        enrollment.Names().ShouldBe(["available_authenticator_types", "available_methods", "id", "methods"]);
        ((string)enrollment!["id"]!).ShouldBe(flow.AuthenticatorId);
        enrollment["methods"].Texts().ShouldBe(["otp"]);
        enrollment["available_methods"].Texts().ShouldBe(["otp"]);
        enrollment["available_authenticator_types"].Texts().ShouldBe(["otp", "recovery-code"]);
    }

    [Theory, Engines]
    public async Task A_pending_sign_in_shows_the_enrollment_and_no_result(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        await person.EnrollAsync();

        var state = await person.Guardian.GetStateAsync(await person.StartAsync());

        state.Names().ShouldBe(["enrollment", "id", "state"]);
        ((string)state["state"]!).ShouldBe("pending");
    }

    /// <summary>
    /// The published client reports an enrollment when it sees one that was not there before (docs/wire.md §1.10), so existing
    /// enrollments would hide the new one.
    /// </summary>
    [Theory, Engines]
    public async Task A_further_enrollment_is_shown_after_it_is_confirmed(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        await person.EnrollAsync();
        person.Clock.Advance(TimeSpan.FromSeconds(1));
        var flow = await person.StartAsync(allowMultiple: true);

        var before = await person.Guardian.GetStateAsync(flow);
        (await person.Guardian.VerifyAsync(flow, person.Guardian.CodeOf(flow))).ShouldBe(HttpStatusCode.OK);
        var after = await person.Guardian.GetStateAsync(flow);

        before.Names().ShouldBe(["id", "state"]);
        ((string)after["enrollment"]!["id"]!).ShouldBe(flow.AuthenticatorId);
    }

    [Theory, Engines]
    public async Task An_enrollment_in_another_tab_is_shown_in_this_one(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        var ticket = await person.NewTicketAsync();
        var (here, there) = (await person.Guardian.StartAsync(ticket), await person.Guardian.StartAsync(ticket));

        (await person.Guardian.VerifyAsync(there, person.Guardian.CodeOf(there))).ShouldBe(HttpStatusCode.OK);

        var state = await person.Guardian.GetStateAsync(here);
        ((string)state["state"]!).ShouldBe("pending");
        ((string)state["enrollment"]!["id"]!).ShouldBe(there.AuthenticatorId);
        state["token"].ShouldBeNull();
    }

    [Theory, Engines]
    public async Task The_result_is_signed_with_a_published_key_and_has_the_user_and_the_time(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        var flow = await person.EnrollAsync();
        var token = (string)(await person.Guardian.GetStateAsync(flow))["token"]!;

        var jwt = await VerifyAsync(person.Server, token);

        var now = person.Clock.GetUtcNow().ToUnixTimeSeconds();
        jwt.Alg.ShouldBe("RS256");
        jwt.GetPayloadValue<string>("status").ShouldBe("ok");
        jwt.GetPayloadValue<string>("nonce").ShouldBe("null");
        jwt.Subject.ShouldBe(person.UserId);
        jwt.Issuer.ShouldBe(person.Server.Url + "/");
        jwt.GetPayloadValue<string>("txid").ShouldBe(new JsonWebToken(flow.Token).GetPayloadValue<string>("txid"));
        jwt.GetPayloadValue<long>("iat").ShouldBe(now);
        jwt.GetPayloadValue<long>("exp").ShouldBeInRange(now + 60, now + 3600);
    }

    [Theory, Engines]
    public async Task An_altered_result_does_not_verify(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        var token = (string)(await person.Guardian.GetStateAsync(await person.EnrollAsync()))["token"]!;
        var parts = token.Split('.');
        var altered = Base64UrlEncoder.Encode(Base64UrlEncoder.Decode(parts[1]).Replace(person.UserId, "auth0|other", StringComparison.Ordinal));

        var result = await ValidateAsync(person.Server, $"{parts[0]}.{altered}.{parts[2]}");

        result.IsValid.ShouldBeFalse();
    }

    [Theory, Engines]
    public async Task A_result_signed_before_the_key_was_rotated_still_verifies(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        var flow = await person.EnrollAsync();
        var before = (string)(await person.Guardian.GetStateAsync(flow))["token"]!;

        (await person.Management.SendAsync(HttpMethod.Post, "/keys/signing/rotate")).ShouldBe(HttpStatusCode.Created);
        var after = (string)(await person.Guardian.GetStateAsync(flow))["token"]!;

        (await VerifyAsync(person.Server, before)).Kid.ShouldNotBe((await VerifyAsync(person.Server, after)).Kid);
    }

    [Theory, Engines]
    public async Task The_state_stays_readable_until_the_transaction_expires(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        var flow = await person.EnrollAsync();

        person.Clock.Advance(TimeSpan.FromMinutes(30) - TimeSpan.FromSeconds(1));
        ((string)(await person.Guardian.GetStateAsync(flow))["state"]!).ShouldBe("accepted");
        person.Clock.Advance(TimeSpan.FromSeconds(1));

        (await person.Guardian.SendAsync("transaction-state", "Bearer " + flow.Token))
            .ShouldBeError(HttpStatusCode.Unauthorized, "invalid_token");
    }

    [Theory, Engines]
    public async Task No_result_is_given_for_an_authenticator_that_was_removed(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        var enrolled = await person.EnrollAsync();
        person.Clock.Advance(TimeSpan.FromMinutes(1));
        var login = await person.StartAsync();
        (await person.Guardian.VerifyAsync(login, person.Guardian.CodeOf(enrolled))).ShouldBe(HttpStatusCode.OK);
        var before = await person.Guardian.GetStateAsync(login);

        await person.Management.SendAsync(HttpMethod.Delete, "/guardian/enrollments/" + enrolled.AuthenticatorId);

        ((string?)before["token"]).ShouldNotBeNull();
        foreach (var flow in new[] { enrolled, login })
        {
            (await person.Guardian.SendAsync("transaction-state", "Bearer " + flow.Token))
                .ShouldBeError(HttpStatusCode.Unauthorized, "invalid_token");
        }
    }

    [Theory, Engines]
    public async Task An_authenticator_enrolled_later_gives_no_result_for_the_one_that_was_removed(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        var removed = await person.EnrollAsync();
        await person.Management.SendAsync(HttpMethod.Delete, "/guardian/enrollments/" + removed.AuthenticatorId);
        person.Clock.Advance(TimeSpan.FromMinutes(1));

        var later = await person.EnrollAsync();

        ((string?)(await person.Guardian.GetStateAsync(later))["token"]).ShouldNotBeNull();
        (await person.Guardian.SendAsync("transaction-state", "Bearer " + removed.Token))
            .ShouldBeError(HttpStatusCode.Unauthorized, "invalid_token");
    }

    [Theory, Engines]
    public async Task No_result_is_given_for_a_blocked_user(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        var flow = await person.EnrollAsync();

        await person.Management.SendAsync(HttpMethod.Patch, person.UserPath, new { blocked = true });

        (await person.Guardian.SendAsync("transaction-state", "Bearer " + flow.Token))
            .ShouldBeError(HttpStatusCode.Unauthorized, "invalid_token");
    }

    [Theory, Engines]
    public async Task Reading_the_state_changes_nothing(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        var flow = await person.StartAsync();
        var before = await person.ListGuardianLogAsync();

        for (var i = 0; i < 20; i++)
        {
            await person.Guardian.GetStateAsync(flow);
        }

        (await person.ListGuardianLogAsync()).ShouldBe(before);
        (await person.CountAsync("attempt")).ShouldBe(0);
        (await person.Guardian.VerifyAsync(flow, person.Guardian.CodeOf(flow))).ShouldBe(HttpStatusCode.OK);
    }

    private static async Task<JsonWebToken> VerifyAsync(TestServer server, string token)
    {
        var result = await ValidateAsync(server, token);
        result.IsValid.ShouldBeTrue(result.Exception?.Message);
        return (JsonWebToken)result.SecurityToken;
    }

    private static async Task<TokenValidationResult> ValidateAsync(TestServer server, string token)
    {
        var keys = new JsonWebKeySet(await server.Http.GetStringAsync("/.well-known/jwks.json"));
        return await new JsonWebTokenHandler().ValidateTokenAsync(token, new TokenValidationParameters
        {
            IssuerSigningKeys = keys.GetSigningKeys(),
            ValidAlgorithms = [SecurityAlgorithms.RsaSha256],
            ValidIssuer = server.Url + "/",
            ValidateAudience = false,
            LifetimeValidator = (_, expires, _, _) => expires > server.Clock.GetUtcNow().UtcDateTime,
        });
    }
}
