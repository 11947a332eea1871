using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Factors.Push.Providers;

/// <summary>Credentials of push services that no service would give out. They are refused when they are set.</summary>
public sealed class PushCredentialTests
{
    private const string Providers = "/guardian/factors/push-notification/providers/";

    [Theory, Engines]
    public async Task A_key_file_that_is_not_from_a_service_account_is_refused(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        using var ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var rsa = RSA.Create(2048);
        var valid = new JsonObject { ["project_id"] = "p", ["client_email"] = "a@example.com", ["private_key"] = rsa.ExportPkcs8PrivateKeyPem() };
        string[] files =
        [
            "x", "null", "1", "[]", "\"x\"", "{}", With("project_id", null), With("project_id", ""), With("project_id", 1), With("client_email", null),
            With("private_key", null), With("private_key", "x"), With("private_key", new JsonArray()), With("private_key", ec.ExportPkcs8PrivateKeyPem()),
            With("private_key", rsa.ExportSubjectPublicKeyInfoPem()), With("private_key", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"),
        ];

        foreach (var file in files)
        {
            await ShouldBeRefusedAsync(server, "fcmv1", new { server_credentials = file }, "Must be the JSON key file of a service account", "server_credentials");
        }

        string With(string member, JsonNode? value)
        {
            var changed = (JsonObject)valid.DeepClone();
            changed[member] = value;
            return changed.ToJsonString();
        }
    }

    [Theory, Engines]
    public async Task A_key_that_Apple_would_not_give_out_is_refused(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using var rsa = RSA.Create(2048);

        foreach (var (pem, error) in new[]
        {
            ("x", "The key for APNs is no private key in PEM."),
            (rsa.ExportPkcs8PrivateKeyPem(), "The key for APNs is no private key in PEM."),
            (other.ExportSubjectPublicKeyInfoPem(), "The key for APNs is no private key in PEM."),
            (other.ExportPkcs8PrivateKeyPem(), "The key for APNs is none on P-256."),
        })
        {
            await ShouldBeRefusedAsync(server, "apns", new { bundle_id = "com.acme.app", key_id = "K", team_id = "T", p8 = pem }, error, "p8");
        }
    }

    /// <summary>It becomes a header of every message.</summary>
    [Theory]
    [InlineData("com.acme\r\napns-priority: 1")]
    [InlineData("com.acme\n")]
    [InlineData("com.bücher")]
    [InlineData(" ")]
    public async Task A_bundle_id_that_cannot_stand_in_a_header_is_refused(string id)
    {
        await using var server = await TestServer.StartAsync(Engine.Sqlite);

        var answer = await new ManagementApi(server).SendAsync(HttpMethod.Put, Providers + "apns", new { bundle_id = id });

        answer.ShouldBeError(HttpStatusCode.BadRequest, "invalid_body");
        answer.Text.ShouldContain("bundle_id");
    }

    private static async Task ShouldBeRefusedAsync(TestServer server, string provider, object credentials, string reason, string property)
    {
        foreach (var method in new[] { HttpMethod.Put, HttpMethod.Patch })
        {
            var answer = await new ManagementApi(server).SendAsync(method, Providers + provider, credentials);

            answer.ShouldBeError(HttpStatusCode.BadRequest, "invalid_body");
            ((string)answer.Json!["message"]!).ShouldContain(reason);
            ((string)answer.Json!["message"]!).ShouldContain(property);
        }
    }
}
