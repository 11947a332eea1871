using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Sallyport.Server.Http;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Clients;

public sealed class AccessTokenTests(Servers servers) : IClassFixture<Servers>
{
    private const string InvalidSignature = "Invalid signature received for JSON Web Token validation";

    [Theory, Engines]
    public async Task A_token_verifies_against_the_published_keys_and_carries_the_published_claims(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var token = await new ManagementApi(server).FetchTokenAsync("read:users create:users");

        var (header, payload) = await VerifyAsync(server, token);

        ((string)header["alg"]!).ShouldBe("RS256");
        ((string)header["typ"]!).ShouldBe("JWT");
        var now = server.Clock.GetUtcNow().ToUnixTimeSeconds();
        var claims = payload.AsObject().ToDictionary(claim => claim.Key, claim => claim.Value!.ToJsonString());
        claims.Remove("scope").ShouldBeTrue();
        claims.ShouldBe(
            new Dictionary<string, string>
            {
                ["iss"] = $"\"{server.Url}/\"",
                ["aud"] = $"\"{server.Url}/api/v2/\"",
                ["iat"] = $"{now}",
                ["exp"] = $"{now + 86400}",
                ["sub"] = $"\"{TestServer.ClientId}@clients\"",
                ["azp"] = $"\"{TestServer.ClientId}\"",
                ["gty"] = "\"client-credentials\"",
            },
            ignoreOrder: true);
        ((string)payload["scope"]!).Split(' ').ShouldBe(["read:users", "create:users"], ignoreOrder: true);
    }

    [Theory, Engines]
    public async Task The_first_client_has_every_scope_that_an_endpoint_asks_for(Engine engine)
    {
        var server = await servers.GetAsync(engine);

        var (_, payload) = await VerifyAsync(server, await new ManagementApi(server).FetchTokenAsync());

        var asked = MappedEndpoint.List(server)
            .SelectMany(endpoint => endpoint.Endpoint.Metadata.GetMetadata<RequiredScopes>()?.Any ?? [])
            .Distinct().ToArray();
        asked.Length.ShouldBeGreaterThan(40);
        asked.Except(((string)payload["scope"]!).Split(' ')).ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task The_discovery_document_names_what_is_served(Engine engine)
    {
        var server = await servers.GetAsync(engine);

        var document = await new OAuthApi(server).GetAsync("/.well-known/openid-configuration");

        ((string)document["issuer"]!).ShouldBe(server.Url + "/");
        ((string)document["token_endpoint"]!).ShouldBe(server.Url + "/oauth/token");
        ((string)document["jwks_uri"]!).ShouldBe(server.Url + "/.well-known/jwks.json");
        document["token_endpoint_auth_methods_supported"]!.AsArray().Select(item => (string)item!)
            .ShouldBe(["client_secret_basic", "client_secret_post", "none"]);
        ((string)document["mfa_challenge_endpoint"]!).ShouldBe(server.Url + "/mfa/challenge");
        document["grant_types_supported"].Texts().ShouldContain("http://auth0.com/oauth/grant-type/mfa-otp");
        document["id_token_signing_alg_values_supported"]!.ToJsonString().ShouldBe("[\"RS256\"]");
        var keys = (await new OAuthApi(server).GetAsync((string)document["jwks_uri"]!))["keys"]!.AsArray();
        keys.ShouldAllBe(key => !key!.AsObject().ContainsKey("d") && (string)key["kty"]! == "RSA" && (string)key["use"]! == "sig");
    }

    [Theory, Engines]
    public async Task A_token_is_refused_from_its_expiry_second_on(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var token = await new ManagementApi(server).FetchTokenAsync();

        server.Clock.Advance(TimeSpan.FromDays(1) - TimeSpan.FromSeconds(1));
        (await GetAsync(server, "Bearer " + token)).ShouldBe(HttpStatusCode.OK);
        server.Clock.Advance(TimeSpan.FromSeconds(1));
        var answer = await GetAsync(server, "Bearer " + token);

        const string Message = "Expired token received for JSON Web Token validation";
        answer.ShouldBe(HttpStatusCode.Unauthorized).ToJsonString().ShouldBe(
            $$$"""{"statusCode":401,"error":"Unauthorized","message":"{{{Message}}}","attributes":{"error":"{{{Message}}}"}}""");
        answer.Headers.WwwAuthenticate.ToString().ShouldBe("Bearer");
    }

    [Theory, Engines]
    public async Task A_header_that_is_no_bearer_token_is_a_bad_request(Engine engine)
    {
        var server = await servers.GetAsync(engine);

        foreach (var header in new[] { "Bearer not-a-jwt", "Bearer", "Bearer ", "Basic YTpi", "Ticket id=\"x\"", "Bearer a.b", "Bearer a.b.c.d.e" })
        {
            var answer = await GetAsync(server, header);

            answer.ShouldBe(HttpStatusCode.BadRequest).ToJsonString().ShouldBe(
                """{"statusCode":400,"error":"Bad Request","message":"Bad HTTP authentication header format","errorCode":"Bearer"}""");
        }
    }

    [Theory, Engines]
    public async Task A_request_without_a_token_is_refused(Engine engine)
    {
        var answer = await GetAsync(await servers.GetAsync(engine), authorization: null);

        var body = answer.ShouldBe(HttpStatusCode.Unauthorized);
        ((string)body["message"]!).ShouldBe("Missing authentication");
        body.AsObject().ContainsKey("errorCode").ShouldBeFalse();
    }

    [Theory, Engines]
    public async Task An_altered_or_forged_token_is_refused(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var token = await new ManagementApi(server).FetchTokenAsync("read:users");
        var parts = token.Split('.');
        var widened = Encode(Decode(parts[1]).Replace("read:users", "delete:users"));
        var otherSignature = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(256));

        foreach (var forged in new[]
        {
            $"{parts[0]}.{widened}.{parts[2]}",
            $"{parts[0]}.{parts[1]}.{otherSignature}",
            $"{parts[0]}.{parts[1]}.",
            $"{Encode("""{"alg":"RS256","typ":"JWT","kid":"unknown"}""")}.{parts[1]}.{parts[2]}",
            $"{Encode("""{"alg":"RS256","typ":"JWT"}""")}.{parts[1]}.{parts[2]}",
        })
        {
            var answer = await GetAsync(server, "Bearer " + forged);
            answer.Status.ShouldBe(HttpStatusCode.Unauthorized);
            ((string)answer.Json!["message"]!).ShouldBe(InvalidSignature);
            ((string)answer.Json!["attributes"]!["error"]!).ShouldBe(InvalidSignature);
        }
    }

    [Theory, Engines]
    public async Task Tokens_with_another_algorithm_than_RS256_are_refused(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var parts = (await new ManagementApi(server).FetchTokenAsync()).Split('.');
        var kid = (string)JsonNode.Parse(Decode(parts[0]))!["kid"]!;
        using var key = await FetchKeyAsync(server, kid);

        var forgeries = new List<string>
        {
            $"{Encode("""{"alg":"none","typ":"JWT"}""")}.{parts[1]}.",
            $"{Encode($$"""{"alg":"none","typ":"JWT","kid":"{{kid}}"}""")}.{parts[1]}.{parts[2]}",
            $"{Encode($$"""{"alg":"RS384","typ":"JWT","kid":"{{kid}}"}""")}.{parts[1]}.{parts[2]}",
            "a.b.c",
            "..",
            $"{Encode("{}")}.{Encode("{}")}.{Encode("{}")}",
            $"{Encode("null")}.{Encode("null")}.x",
        };
        foreach (var secret in new[]
        {
            Encoding.ASCII.GetBytes(key.ExportSubjectPublicKeyInfoPem()), key.ExportSubjectPublicKeyInfo(),
            Encoding.ASCII.GetBytes(key.ExportRSAPublicKeyPem()), key.ExportParameters(false).Modulus!,
        })
        {
            var signed = $"{Encode($$"""{"alg":"HS256","typ":"JWT","kid":"{{kid}}"}""")}.{parts[1]}";
            forgeries.Add($"{signed}.{Base64Url.EncodeToString(HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes(signed)))}");
        }

        foreach (var forged in forgeries)
        {
            (await GetAsync(server, "Bearer " + forged)).Status.ShouldBe(HttpStatusCode.Unauthorized, forged);
        }
    }

    [Theory, Engines]
    public async Task The_Management_API_refuses_tokens_of_the_Guardian_API(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var management = new ManagementApi(server);
        var flow = await new GuardianApi(server).StartAsync(await management.CreateTicketAsync(await management.CreateUserAsync()));

        (await GetAsync(server, "Bearer " + flow.Token)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        var other = await new GuardianApi(server).SendAsync("transaction-state", "Bearer " + await management.FetchTokenAsync());
        other.Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory, Engines]
    public async Task A_missing_scope_is_named_after_the_prefix_that_tools_split_on(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var reader = new ManagementApi(server, "read:users");

        var create = await reader.SendAsync(HttpMethod.Post, "/users", new { connection = "db", email = "x@example.com" });
        var patch = await reader.SendAsync(HttpMethod.Patch, "/users/auth0%7Cx", new { name = "x" });

        create.ShouldBe(HttpStatusCode.Forbidden).ToJsonString().ShouldBe(
            """{"statusCode":403,"error":"Forbidden","message":"Insufficient scope, expected any of: create:users","errorCode":"insufficient_scope"}""");
        ((string)patch.ShouldBe(HttpStatusCode.Forbidden)["message"]!)
            .ShouldBe("Insufficient scope, expected any of: update:users,update:users_app_metadata");
    }

    private static async Task<Answer> GetAsync(TestServer server, string? authorization)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v2/users");
        if (authorization is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        }

        using var response = await server.Http.SendAsync(request, CancellationToken.None);
        return await Answer.ReadAsync(response);
    }

    /// <summary>Verifies the signature with RSA only, as a gateway in another language would.</summary>
    private static async Task<(JsonNode Header, JsonNode Payload)> VerifyAsync(TestServer server, string token)
    {
        var parts = token.Split('.');
        var header = JsonNode.Parse(Decode(parts[0]))!;
        using var key = await FetchKeyAsync(server, (string)header["kid"]!);
        key.VerifyData(
            Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64Url.DecodeFromChars(parts[2]), HashAlgorithmName.SHA256,
            RSASignaturePadding.Pkcs1).ShouldBeTrue();
        return (header, JsonNode.Parse(Decode(parts[1]))!);
    }

    private static async Task<RSA> FetchKeyAsync(TestServer server, string kid)
    {
        var keys = (await new OAuthApi(server).GetAsync("/.well-known/jwks.json"))["keys"]!.AsArray();
        var key = keys.Single(key => (string)key!["kid"]! == kid)!;
        return RSA.Create(new RSAParameters
        {
            Modulus = Base64Url.DecodeFromChars((string)key["n"]!),
            Exponent = Base64Url.DecodeFromChars((string)key["e"]!),
        });
    }

    private static string Decode(string part) => Encoding.UTF8.GetString(Base64Url.DecodeFromChars(part));

    private static string Encode(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
}
