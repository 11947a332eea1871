using System.Net;
using System.Text;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Transactions;

/// <summary>The transaction token, which every call after start-flow carries (docs/wire.md §3.2).</summary>
public sealed class TransactionTokenTests(Servers servers) : IClassFixture<Servers>
{
    private static readonly string[] Calls = ["transaction-state", "verify-otp", "recover-account", "qr-code"];

    [Theory, EnginesAndBases]
    public async Task A_token_has_the_claims_that_published_clients_read(Engine engine, string prefix)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine), prefix);

        var jwt = new JsonWebToken((await person.StartAsync()).Token);

        jwt.GetPayloadValue<string>("txid").ShouldStartWith("txn_");
        jwt.GetPayloadValue<string>("azp").ShouldBe("browser");
        jwt.Subject.ShouldBe(person.UserId);
        jwt.Issuer.ShouldBe(person.Server.Url + "/appliance-mfa");
        jwt.Audiences.ShouldBe([person.Server.Url + "/appliance-mfa/api"]);
        jwt.GetPayloadValue<long>("iat").ShouldBe(person.Clock.GetUtcNow().ToUnixTimeSeconds());
        // In the published client a timer of more than 24.8 days fires at once.
        var life = DateTimeOffset.FromUnixTimeSeconds(jwt.GetPayloadValue<long>("exp")) - person.Clock.GetUtcNow();
        life.ShouldBe(TimeSpan.FromMinutes(30));
    }

    [Theory, Engines]
    public async Task A_token_is_valid_under_both_base_paths(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var person = await Person.CreateAsync(server, "");
        var flow = await person.StartAsync();

        var state = await new GuardianApi(server, "/appliance-mfa").GetStateAsync(flow);

        ((string)state["state"]!).ShouldBe("pending");
    }

    [Theory, EnginesAndBases]
    public async Task Every_call_refuses_an_expired_token(Engine engine, string prefix)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine), prefix);
        var flow = await person.StartAsync();
        person.Clock.Advance(TimeSpan.FromMinutes(30));

        foreach (var call in Calls)
        {
            (await person.SendAsync(call, flow, ValidBody(person, flow))).ShouldBeError(HttpStatusCode.Unauthorized, "invalid_token");
        }

        (await person.ListEnrollmentsAsync()).ShouldBeEmpty();
        (await person.CountAsync("attempt")).ShouldBe(0);
    }

    [Theory, Engines]
    public async Task A_transaction_ends_with_its_ticket(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        var ticket = await person.NewTicketAsync();
        person.Clock.Advance(TimeSpan.FromDays(5) - TimeSpan.FromMinutes(10));
        var flow = await person.Guardian.StartAsync(ticket);

        person.Clock.Advance(TimeSpan.FromMinutes(10));
        var answer = await person.Guardian.VerifyAsync(flow, person.Guardian.CodeOf(flow));

        answer.ShouldBeError(HttpStatusCode.Unauthorized, "invalid_token");
        (await person.ListEnrollmentsAsync()).ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task Every_call_refuses_a_forged_token(Engine engine)
    {
        var person = await Person.CreateAsync(await servers.GetAsync(engine));
        var flow = await person.StartAsync();

        foreach (var token in await ForgeriesAsync(person, flow))
        {
            foreach (var call in Calls)
            {
                var forged = new Flow(new System.Text.Json.Nodes.JsonObject { ["transaction_token"] = token });
                (await person.SendAsync(call, forged, ValidBody(person, flow))).ShouldBeError(HttpStatusCode.Unauthorized, "invalid_token");
            }
        }

        (await person.ListEnrollmentsAsync()).ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task A_token_cannot_confirm_the_enrollment_of_another_user(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var (alice, mallory) = (await Person.CreateAsync(server), await Person.CreateAsync(server));
        var (hers, his) = (await alice.StartAsync(), await mallory.StartAsync());

        var answer = await mallory.Guardian.VerifyAsync(his, alice.Guardian.CodeOf(hers));

        answer.ShouldBeError(HttpStatusCode.Forbidden, "invalid_otp");
        (await alice.ListEnrollmentsAsync()).ShouldBeEmpty();
        (await mallory.ListEnrollmentsAsync()).ShouldBeEmpty();
    }

    private static object ValidBody(Person person, Flow flow) => new
    {
        type = "manual_input",
        code = person.Guardian.CodeOf(flow),
        recovery_code = flow.RecoveryCode,
        text = "otpauth://totp/a",
    };

    private static async Task<List<string>> ForgeriesAsync(Person person, Flow flow)
    {
        var parts = flow.Token.Split('.');
        var payload = Base64UrlEncoder.Decode(parts[1]);
        var unsigned = Base64UrlEncoder.Encode("""{"alg":"none","typ":"JWT"}""");
        var later = Base64UrlEncoder.Encode(payload.Replace("\"exp\":1", "\"exp\":2", StringComparison.Ordinal));
        var foreign = new JsonWebTokenHandler().CreateToken(
            payload, new SigningCredentials(new SymmetricSecurityKey(new byte[32]), SecurityAlgorithms.HmacSha256));
        return
        [
            "x",
            "a.b.c",
            $"{unsigned}.{parts[1]}.",
            $"{parts[0]}.{later}.{parts[2]}",
            $"{parts[0]}.{parts[1]}.{Base64UrlEncoder.Encode(new byte[32])}",
            foreign,
            await SignedWithPublishedKeyAsync(person, payload),
            await person.Management.FetchTokenAsync(),
            await (await Person.CreateAsync(person.Server)).AcceptedResultAsync(),
        ];
    }

    /// <summary>Algorithm confusion: the public RSA key is used as an HMAC secret.</summary>
    private static async Task<string> SignedWithPublishedKeyAsync(Person person, string payload)
    {
        var keys = new JsonWebKeySet(await person.Server.Http.GetStringAsync("/.well-known/jwks.json"));
        var key = new SymmetricSecurityKey(Encoding.ASCII.GetBytes(keys.Keys[0].N)) { KeyId = keys.Keys[0].Kid };
        return new JsonWebTokenHandler().CreateToken(payload, new SigningCredentials(key, SecurityAlgorithms.HmacSha256));
    }
}
