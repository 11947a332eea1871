using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.SignIn;

/// <summary>An application that verifies results as docs/sign-in.md says accepts its own, once, and no other.</summary>
public sealed class RelyingPartyTests(Servers servers) : IClassFixture<Servers>
{
    private const string Nonce = "nonce-of-this-session";

    [Theory, Engines]
    public async Task The_result_of_its_own_sign_in_is_accepted_once(Engine engine)
    {
        var (person, application, signIn, signature) = await SignInAsync(engine);
        var verifier = await VerifierAsync(person, application, signIn);

        (await verifier.FindFaultAsync(signature)).ShouldBeNull();
        (await verifier.FindFaultAsync(signature)).ShouldBe("replayed");
    }

    [Theory, Engines]
    public async Task A_result_of_another_sign_in_application_or_user_is_refused(Engine engine)
    {
        var (person, application, signIn, _) = await SignInAsync(engine);
        var verifier = await VerifierAsync(person, application, signIn);
        var other = await SignInAsync(engine);

        (await verifier.FindFaultAsync(other.Signature)).ShouldBe("token");
        (await (verifier with { ClientId = other.Application.ClientId }).FindFaultAsync(other.Signature)).ShouldBe("sub");
        (await (verifier with { ClientId = other.Application.ClientId, UserId = other.Person.UserId }).FindFaultAsync(other.Signature)).ShouldBe("txid");
    }

    [Theory, Engines]
    public async Task A_result_with_another_nonce_and_one_that_has_expired_are_refused(Engine engine)
    {
        var (person, application, signIn, signature) = await SignInAsync(engine);
        var verifier = await VerifierAsync(person, application, signIn);

        (await (verifier with { Nonce = "nonce-of-another-session" }).FindFaultAsync(signature)).ShouldBe("nonce");
        (await (verifier with { Now = person.Clock.GetUtcNow().AddSeconds(60) }).FindFaultAsync(signature)).ShouldBe("token");
        (await (verifier with { Now = person.Clock.GetUtcNow().AddSeconds(59) }).FindFaultAsync(signature)).ShouldBeNull();
    }

    [Theory, Engines]
    public async Task Tampered_unsigned_and_wrongly_signed_results_are_refused(Engine engine)
    {
        var (person, application, signIn, signature) = await SignInAsync(engine);
        var verifier = await VerifierAsync(person, application, signIn);
        var parts = signature.Split('.');
        var payload = JsonNode.Parse(Base64UrlEncoder.Decode(parts[1]))!;
        payload["remember_browser"] = true;
        var tampered = Base64UrlEncoder.Encode(payload.ToJsonString());
        var publicKey = Encoding.UTF8.GetBytes(await person.Server.Http.GetStringAsync("/.well-known/jwks.json", TestContext.Current.CancellationToken));
        var header = Base64UrlEncoder.Encode("""{"alg":"HS256","typ":"JWT"}""");
        using var anotherKey = RSA.Create(2048);

        foreach (var forged in new[]
        {
            $"{parts[0]}.{tampered}.{parts[2]}",
            $"{Base64UrlEncoder.Encode("""{"alg":"none"}""")}.{parts[1]}.",
            $"{header}.{parts[1]}.{Base64UrlEncoder.Encode(HMACSHA256.HashData(publicKey, Encoding.ASCII.GetBytes($"{header}.{parts[1]}")))}",
            $"{parts[0]}.{parts[1]}.{Base64UrlEncoder.Encode(anotherKey.SignData(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}",
        })
        {
            (await verifier.FindFaultAsync(forged)).ShouldBe("token");
        }
    }

    [Theory, Engines]
    public async Task The_result_of_an_enrollment_by_ticket_is_refused(Engine engine)
    {
        var (person, application, signIn, _) = await SignInAsync(engine);
        var verifier = await VerifierAsync(person, application, signIn);
        var other = await Person.CreateAsync(person.Server);

        (await verifier.FindFaultAsync(await other.AcceptedResultAsync())).ShouldBe("token");
    }

    private async Task<(Person Person, Application Application, SignInStart SignIn, string Signature)> SignInAsync(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var (person, application) = (await Person.CreateAsync(server), await Application.CreateAsync(server));
        var enrolled = await person.EnrollAsync();
        var signIn = await application.StartAsync(person, new() { ["nonce"] = Nonce });
        var flow = await person.StartSignInAsync(signIn);
        (await person.Guardian.VerifyAsync(flow, person.Guardian.CodeOf(enrolled, 1))).ShouldBe(HttpStatusCode.OK);
        return (person, application, signIn, (string)(await person.Guardian.GetStateAsync(flow))["token"]!);
    }

    private static async Task<Verifier> VerifierAsync(Person person, Application application, SignInStart signIn) =>
        new(
            new JsonWebKeySet(await person.Server.Http.GetStringAsync("/.well-known/jwks.json", TestContext.Current.CancellationToken)), person.Server.Url + "/", application.ClientId,
            person.UserId, signIn.Id, Nonce, person.Clock.GetUtcNow());

    /// <summary>The checks of docs/sign-in.md, with a common JWT library.</summary>
    private sealed record Verifier(JsonWebKeySet Keys, string Issuer, string ClientId, string UserId, string TransactionId, string Nonce, DateTimeOffset Now)
    {
        private readonly HashSet<string> used = [];

        /// <returns>The check that failed; null if the result is accepted.</returns>
        public async Task<string?> FindFaultAsync(string signature)
        {
            var result = await new JsonWebTokenHandler().ValidateTokenAsync(signature, new TokenValidationParameters
            {
                IssuerSigningKeys = Keys.GetSigningKeys(),
                ValidAlgorithms = [SecurityAlgorithms.RsaSha256],
                ValidIssuer = Issuer,
                ValidAudience = ClientId,
                LifetimeValidator = (_, expires, _, _) => expires > Now.UtcDateTime,
            });
            if (!result.IsValid)
            {
                return "token";
            }

            var token = (JsonWebToken)result.SecurityToken;
            return token.GetPayloadValue<string>("status") != "ok" ? "status"
                : token.Subject != UserId ? "sub"
                : token.GetPayloadValue<string>("nonce") != Nonce ? "nonce"
                : token.GetPayloadValue<string>("txid") != TransactionId ? "txid"
                : !used.Add(TransactionId) ? "replayed"
                : null;
        }
    }
}
