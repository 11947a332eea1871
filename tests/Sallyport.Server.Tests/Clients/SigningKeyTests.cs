using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Clients;

public sealed class SigningKeyTests
{
    [Theory, Engines]
    public async Task Keys_are_rotated_without_a_restart_and_old_tokens_stay_valid(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var management = new ManagementApi(server);
        var before = await management.FetchTokenAsync();
        var published = await ListPublishedAsync(server);
        var next = (string)(await ListAsync(management)).Single(key => (bool)key["next"]!)["kid"]!;
        published.ShouldContain(KidOf(before));
        published.ShouldContain(next);

        var answer = await management.SendAsync(HttpMethod.Post, "/keys/signing/rotate");

        ((string)answer.ShouldBe(HttpStatusCode.Created)["kid"]!).ShouldBe(next);
        var after = await management.FetchTokenAsync();
        KidOf(after).ShouldBe(next);
        (await StatusOfAsync(server, before)).ShouldBe(HttpStatusCode.OK);
        (await StatusOfAsync(server, after)).ShouldBe(HttpStatusCode.OK);
        (await ListPublishedAsync(server)).Count.ShouldBe(3);
    }

    [Theory, Engines]
    public async Task Tokens_of_a_revoked_key_are_refused(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var old = await new ManagementApi(server).FetchTokenAsync();
        await new ManagementApi(server).SendAsync(HttpMethod.Post, "/keys/signing/rotate");
        var management = new ManagementApi(server);
        (await StatusOfAsync(server, old)).ShouldBe(HttpStatusCode.OK);

        var answer = await management.SendAsync(HttpMethod.Put, $"/keys/signing/{KidOf(old)}/revoke");

        ((bool)answer.ShouldBe(HttpStatusCode.OK)["revoked"]!).ShouldBeTrue();
        (await StatusOfAsync(server, old)).ShouldBe(HttpStatusCode.Unauthorized);
        (await ListPublishedAsync(server)).ShouldNotContain(KidOf(old));
    }

    [Theory, Engines]
    public async Task Only_a_previous_key_can_be_revoked(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var management = new ManagementApi(server);

        foreach (var key in await ListAsync(management))
        {
            var answer = await management.SendAsync(HttpMethod.Put, $"/keys/signing/{key["kid"]}/revoke");
            answer.ShouldBeError(HttpStatusCode.BadRequest, "operation_not_supported");
        }

        (await management.SendAsync(HttpMethod.Put, "/keys/signing/unknown/revoke"))
            .ShouldBeError(HttpStatusCode.NotFound, "inexistent_signing_key");
    }

    [Theory, Engines]
    public async Task Sixteen_rotations_at_once_leave_one_current_and_one_next_key(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var management = new ManagementApi(server);
        await ListAsync(management);

        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ =>
            management.SendAsync(HttpMethod.Post, "/keys/signing/rotate")));

        answers.ShouldAllBe(answer => answer.Status == HttpStatusCode.Created);
        var keys = await ListAsync(management);
        keys.Count(key => (bool)key["current"]!).ShouldBe(1);
        keys.Count(key => (bool)key["next"]!).ShouldBe(1);
        keys.Count.ShouldBeInRange(3, 18);
        var current = (string)keys.Single(key => (bool)key["current"]!)["kid"]!;
        KidOf(await management.FetchTokenAsync()).ShouldBe(current);
    }

    /// <summary>The members that the .NET SDK requires (<c>KeysTests</c>), and the booleans that its tests read.</summary>
    [Theory, Engines]
    public async Task A_key_has_the_published_shape_with_one_certificate_and_no_private_key(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var management = new ManagementApi(server);
        await management.SendAsync(HttpMethod.Post, "/keys/signing/rotate");
        var revoked = (string)(await ListAsync(management)).Single(key => (bool)key["previous"]!)["kid"]!;
        await new ManagementApi(server).SendAsync(HttpMethod.Put, $"/keys/signing/{revoked}/revoke");

        var keys = await ListAsync(new ManagementApi(server));

        foreach (var key in keys)
        {
            key.Names().ShouldBe(["cert", "current", "fingerprint", "kid", "next", "pkcs7", "previous", "revoked", "thumbprint"]);
            using var certificate = X509Certificate2.CreateFromPem((string)key["cert"]!);
            certificate.HasPrivateKey.ShouldBeFalse();
            certificate.Thumbprint.ShouldBe((string)key["thumbprint"]!);
            ((string)key["fingerprint"]!).ShouldMatch("^([0-9A-F]{2}:){19}[0-9A-F]{2}$");
            ((string)key["fingerprint"]!).Replace(":", "", StringComparison.Ordinal).ShouldBe((string)key["thumbprint"]!);
            ReadPkcs7((string)key["pkcs7"]!).ShouldHaveSingleItem().ShouldBe(certificate);
            key.ToJsonString().ShouldNotContain("PRIVATE");
            new[] { "current", "next", "previous", "revoked" }.Count(status => (bool)key[status]!).ShouldBe(1);
        }

        keys.Select(key => new[] { "revoked", "current", "next" }.Single(status => (bool)key[status]!))
            .ShouldBe(["revoked", "current", "next"], ignoreOrder: true);
    }

    /// <summary>The certificate belongs to the key, so the public half in it verifies tokens.</summary>
    [Theory, Engines]
    public async Task A_certificate_holds_the_public_key_of_the_key_set(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var published = (await new OAuthApi(server).GetAsync("/.well-known/jwks.json"))["keys"]!.AsArray();

        foreach (var key in await ListAsync(new ManagementApi(server)))
        {
            using var certificate = X509Certificate2.CreateFromPem((string)key["cert"]!);
            using var rsa = certificate.GetRSAPublicKey()!;
            var modulus = System.Buffers.Text.Base64Url.EncodeToString(rsa.ExportParameters(includePrivateParameters: false).Modulus);
            modulus.ShouldBe((string)published.Single(jwk => (string)jwk!["kid"]! == (string)key["kid"]!)!["n"]!);
        }
    }

    [Theory, Engines]
    public async Task A_single_key_is_the_same_as_in_the_list(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var management = new ManagementApi(server);

        foreach (var key in await ListAsync(management))
        {
            (await management.GetAsync($"/keys/signing/{key["kid"]}")).ToJsonString().ShouldBe(key.ToJsonString());
        }

        (await management.SendAsync(HttpMethod.Get, "/keys/signing/unknown")).ShouldBeError(HttpStatusCode.NotFound, "inexistent_signing_key");
    }

    /// <summary>A fault would show only on a node that did not rotate the key itself.</summary>
    [Fact]
    public async Task Another_node_accepts_tokens_of_a_key_that_was_rotated_elsewhere()
    {
        var settings = new (string, string)[]
        {
            ("ConnectionStrings:Sallyport", await PostgreSqlCluster.CreateDatabaseAsync()),
            ("Sallyport:Keys:Master", Convert.ToBase64String(new byte[32])),
            ("Sallyport:PublicUrl", "http://mfa.example.com"),
        };
        await using var one = await TestServer.StartAsync(Engine.PostgreSql, settings);
        await using var other = await TestServer.StartAsync(Engine.PostgreSql, settings);
        await new ManagementApi(one).SendAsync(HttpMethod.Post, "/keys/signing/rotate");

        var token = await new ManagementApi(one).FetchTokenAsync();

        (await StatusOfAsync(other, token)).ShouldBe(HttpStatusCode.OK);
    }

    [Theory, Engines]
    public async Task Rotation_and_revocation_are_in_the_log(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var management = new ManagementApi(server);
        var old = KidOf(await management.FetchTokenAsync());

        await management.SendAsync(HttpMethod.Post, "/keys/signing/rotate");
        await management.SendAsync(HttpMethod.Put, $"/keys/signing/{old}/revoke");

        (await LogEntry.ListAsync(server, "sapi")).Select(entry => (string)entry.Json["request"]!["path"]!).ShouldBe(
            ["/api/v2/keys/signing/rotate", $"/api/v2/keys/signing/{old}/revoke"]);
    }

    private static X509Certificate2Collection ReadPkcs7(string pem)
    {
        var fields = PemEncoding.Find(pem);
        pem[fields.Label].ShouldBe("PKCS7");
        var certificates = new X509Certificate2Collection();
#pragma warning disable SYSLIB0057 // X509CertificateLoader does not read PKCS #7.
        certificates.Import(Convert.FromBase64String(pem[fields.Base64Data]));
#pragma warning restore SYSLIB0057
        return certificates;
    }

    private static async Task<List<JsonNode>> ListAsync(ManagementApi management) =>
        [.. (await management.GetAsync("/keys/signing")).AsArray().Select(key => key!)];

    private static async Task<List<string>> ListPublishedAsync(TestServer server) =>
        [.. (await new OAuthApi(server).GetAsync("/.well-known/jwks.json"))["keys"]!.AsArray().Select(key => (string)key!["kid"]!)];

    private static async Task<HttpStatusCode> StatusOfAsync(TestServer server, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v2/users");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var response = await server.Http.SendAsync(request, CancellationToken.None);
        return response.StatusCode;
    }

    private static string KidOf(string token) =>
        (string)JsonNode.Parse(Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(token.Split('.')[0])))!["kid"]!;
}
