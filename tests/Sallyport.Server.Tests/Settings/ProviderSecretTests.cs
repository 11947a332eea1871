using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Sallyport.Server.Factors.Settings;
using Sallyport.Server.Settings;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Settings;

/// <summary>Secrets of providers are write-only (GHSA-m9h4-7j9c-55x9).</summary>
public sealed class ProviderSecretTests(Servers servers) : IClassFixture<Servers>
{
    private const string Canary = "canary-Qz7";

    private static readonly (string Path, string Body)[] Providers =
    [
        ("phone/providers/twilio", $$"""{"sid":"AC1","auth_token":"{{Canary}}"}"""),
        ("push-notification/providers/sns", $$"""{"aws_access_key_id":"AK1","aws_secret_access_key":"{{Canary}}"}"""),
        ("push-notification/providers/fcm", $$"""{"server_key":"{{Canary}}"}"""),
        ("push-notification/providers/fcmv1", ServiceAccount.NewBody(Canary)),
        ("duo/settings", $$"""{"ikey":"I1","host":"api-1.duosecurity.com","skey":"{{Canary}}"}"""),
    ];

    [Theory, Engines]
    public async Task A_secret_is_neither_stored_in_clear_nor_logged_nor_read(Engine engine)
    {
        var server = await servers.GetCleanAsync(engine);
        var management = new ManagementApi(server);
        foreach (var (path, body) in Providers)
        {
            (await PutAsync(management, path, body)).ShouldBe(HttpStatusCode.OK);
        }

        (await DatabaseDump.TakeAsync(server.Database)).ShouldAllBe(line => !line.Contains(Canary) && !line.Contains(Convert.ToHexString(Encoding.UTF8.GetBytes(Canary))));
        var details = await server.Database.QueryAsync(
            new Statement("SELECT details FROM log WHERE type = 'sapi'"), row => row.GetString(0), CancellationToken.None);
        details.Count(detail => detail.Contains("\"***\"")).ShouldBe(Providers.Length);
        details.ShouldAllBe(detail => !detail.Contains(Canary));
        foreach (var path in Providers.Select(provider => provider.Path).Where(path => !path.Contains("fcm")))
        {
            (await management.GetAsync("/guardian/factors/" + path)).ToJsonString().ShouldNotContain(Canary);
        }
    }

    [Theory, Engines]
    public async Task Only_two_secrets_are_returned_and_only_if_the_configuration_allows_it(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine, ("Sallyport:Compatibility:ReturnProviderSecrets", "true"));
        var management = new ManagementApi(server);
        foreach (var (path, body) in Providers)
        {
            (await PutAsync(management, path, body)).ShouldBe(HttpStatusCode.OK);
        }

        ShouldEqual(
            await management.GetAsync("/guardian/factors/sms/providers/twilio"),
            $$"""{"auth_token":"{{Canary}}","sid":"AC1","from":null,"messaging_service_sid":null}""");
        ShouldEqual(await management.GetAsync("/guardian/factors/duo/settings"), $$"""{"ikey":"I1","skey":"{{Canary}}","host":"api-1.duosecurity.com"}""");
        (await management.GetAsync("/guardian/factors/push-notification/providers/sns")).ToJsonString().ShouldNotContain(Canary);
    }

    /// <summary>A read does not return the secret, so writing the result back must not delete it.</summary>
    [Theory, Engines]
    public async Task Writing_back_the_settings_that_were_read_keeps_the_secret(Engine engine)
    {
        var server = await servers.GetCleanAsync(engine);
        var management = new ManagementApi(server);
        foreach (var (path, body) in Providers.Where(provider => !provider.Path.Contains("fcm")))
        {
            (await PutAsync(management, path, body)).ShouldBe(HttpStatusCode.OK);
            var read = (await management.GetAsync("/guardian/factors/" + path)).AsObject();
            foreach (var name in read.Where(member => member.Value is null).Select(member => member.Key).ToList())
            {
                read.Remove(name);
            }

            (await PutAsync(management, path, read.ToJsonString())).ShouldBe(HttpStatusCode.OK);
        }

        (await FindSecretsAsync(server, FactorSettings.Twilio))["auth_token"].ShouldBe(Canary);
        (await FindSecretsAsync(server, FactorSettings.Sns))["aws_secret_access_key"].ShouldBe(Canary);
        (await FindSecretsAsync(server, FactorSettings.Duo))["skey"].ShouldBe(Canary);
    }

    [Theory, Engines]
    public async Task A_secret_is_removed_when_its_account_changes(Engine engine)
    {
        var server = await servers.GetCleanAsync(engine);
        var management = new ManagementApi(server);
        foreach (var (path, body) in Providers)
        {
            (await PutAsync(management, path, body)).ShouldBe(HttpStatusCode.OK);
        }

        (await PutAsync(management, "phone/providers/twilio", """{"sid":"AC2"}""")).ShouldBe(HttpStatusCode.OK);
        (await PutAsync(management, "duo/settings", """{"ikey":"I1","host":"api-2.duosecurity.com"}""")).ShouldBe(HttpStatusCode.OK);
        (await PutAsync(management, "push-notification/providers/sns", """{"aws_access_key_id":"AK1","aws_secret_access_key":null}""")).ShouldBe(HttpStatusCode.OK);
        (await PutAsync(management, "push-notification/providers/fcm", """{"server_key":null}""")).ShouldBe(HttpStatusCode.OK);

        (await FindSecretsAsync(server, FactorSettings.Twilio)).ShouldBeEmpty();
        (await FindSecretsAsync(server, FactorSettings.Duo)).ShouldBeEmpty();
        (await FindSecretsAsync(server, FactorSettings.Sns)).ShouldBeEmpty();
        (await FindSecretsAsync(server, FactorSettings.Fcm)).ShouldBeEmpty();
        (await FindSecretsAsync(server, FactorSettings.FcmV1)).Count.ShouldBe(1);
    }

    [Theory, Engines]
    public async Task A_sealed_secret_opens_in_its_own_row_only(Engine engine)
    {
        var server = await servers.GetCleanAsync(engine);
        var management = new ManagementApi(server);
        foreach (var (path, body) in Providers)
        {
            (await PutAsync(management, path, body)).ShouldBe(HttpStatusCode.OK);
        }

        await server.Database.WriteAsync(
            async unit => await unit.ExecuteAsync(
                new Statement("UPDATE setting SET sealed_secrets = (SELECT sealed_secrets FROM setting WHERE name = 'phone/providers/twilio') WHERE name = 'duo/settings'"),
                CancellationToken.None),
            CancellationToken.None);

        await Should.ThrowAsync<CryptographicException>(() => FindSecretsAsync(server, FactorSettings.Duo));
    }

    [Theory, Engines]
    public async Task A_push_certificate_is_validated_before_it_is_stored(Engine engine)
    {
        var server = await servers.GetCleanAsync(engine);
        var management = new ManagementApi(server);
        const string Path = "push-notification/providers/apns";

        var answer = await PutAsync(management, Path, $$"""{"sandbox":false,"bundle_id":"com.my.app","p12":"{{NewP12(withKey: true, password: null)}}"}""");

        answer.ShouldBe(HttpStatusCode.OK);
        answer.Text.ShouldBe("""{"sandbox":false,"bundle_id":"com.my.app"}""");
        ShouldEqual(await management.GetAsync("/guardian/factors/" + Path), """{"bundle_id":"com.my.app","sandbox":false,"enabled":true}""");
        foreach (var bad in new[] { "%%%", "aGVsbG8=", NewP12(withKey: false, password: null), NewP12(withKey: true, password: "x"), NewP12(withKey: true, password: null)[..^8] })
        {
            var refused = await PutAsync(management, Path, $$"""{"p12":"{{bad}}"}""");
            refused.ShouldBeError(HttpStatusCode.BadRequest, "invalid_body");
            ((string)refused.Json!["message"]!).ShouldStartWith("The PKCS #12 file is invalid: p12 ");
        }

        (await management.SendAsync(HttpMethod.Patch, "/guardian/factors/" + Path, Content("""{"p12":null}"""))).ShouldBe(HttpStatusCode.OK);
        ((bool)(await management.GetAsync("/guardian/factors/" + Path))["enabled"]!).ShouldBeFalse();
    }

    private static string NewP12(bool withKey, string? password)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
        using var certificate = new CertificateRequest("CN=Apple Push Services: com.my.app", key, HashAlgorithmName.SHA256).CreateSelfSigned(now, now.AddYears(1));
        using var publicPart = X509CertificateLoader.LoadCertificate(certificate.RawData);
        return Convert.ToBase64String((withKey ? certificate : publicPart).Export(X509ContentType.Pkcs12, password));
    }

    private static async Task<IReadOnlyDictionary<string, string>> FindSecretsAsync(TestServer server, SettingKind kind)
    {
        var settingReader = server.Services.GetRequiredService<SettingReader>();
        var value = await server.Database.ReadAsync(session => settingReader.FindAsync(session, TenantId.Default, kind, CancellationToken.None), CancellationToken.None);
        return value!.Secrets;
    }

    private static Task<Answer> PutAsync(ManagementApi management, string path, string body) =>
        management.SendAsync(HttpMethod.Put, "/guardian/factors/" + path, Content(body));

    private static StringContent Content(string body) => new(body, Encoding.UTF8, "application/json");

    private static void ShouldEqual(JsonNode actual, string expected) =>
        JsonNode.DeepEquals(actual, JsonNode.Parse(expected)).ShouldBeTrue(actual.ToJsonString());
}
