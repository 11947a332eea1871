using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Factors.Push.Providers;

/// <summary>FCM and APNs with the tenant's credentials, against fakes that check the published form (docs/wire.md §4.5).</summary>
public sealed class DirectPushProviderTests
{
    private const string Gone = """{"error":{"code":404,"status":"NOT_FOUND","details":[{"@type":"type.googleapis.com/google.firebase.fcm.v1.FcmError","errorCode":"UNREGISTERED"}]}}""";

    [Fact]
    public async Task FCM_gets_a_data_message_of_strings_that_the_SDK_for_Android_parses()
    {
        await using var scene = await FcmScene.StartAsync(Engine.Sqlite);

        var flow = await scene.EnrollAsync();
        (await scene.Phone.SendPushAsync(flow)).ShouldBe(HttpStatusCode.OK);
        var request = (await scene.Fcm.WaitForAsync(1))[0];

        request.Method.ShouldBe("POST");
        request.Target.ShouldBe("/v1/projects/acme-push/messages:send");
        request.Headers["Authorization"].ShouldBe("Bearer the-access-token");
        request.Headers["Content-Type"].ShouldStartWith("application/json");
        var message = request.Json["message"]!;
        ((string)message["token"]!).ShouldBe(scene.Phone.PushToken);
        message["android"]!.ToJsonString().ShouldBe("""{"priority":"HIGH","ttl":"300s"}""");
        var data = message["data"]!.AsObject();
        data.Names().ShouldBe(["c", "d", "dai", "s", "sh", "txtkn"]);
        data.ShouldAllBe(member => member.Value!.GetValueKind() == JsonValueKind.String);
        ((string)data["sh"]!).ShouldBe(scene.Server.Url);
        ((string)data["dai"]!).ShouldBe(scene.Phone.Id);
        ((string)data["d"]!).ShouldMatch(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$");
        JsonNode.Parse((string)data["s"]!)!["b"]!.Names().ShouldBe(["n", "v"]);
        (await scene.Phone.AcceptAsync(new ReceivedPush(new JsonObject { ["payload"] = data.DeepClone() }))).Status.ShouldBe(HttpStatusCode.NoContent);
    }

    /// <summary>RFC 7523, as Google documents it. The address in the key file is ignored.</summary>
    [Fact]
    public async Task The_service_account_gets_one_token_for_many_messages()
    {
        await using var scene = await FcmScene.StartAsync(Engine.Sqlite);
        var flow = await scene.EnrollAsync();
        for (var i = 1; i <= 3; i++)
        {
            (await scene.Phone.SendPushAsync(flow)).ShouldBe(HttpStatusCode.OK);
            await scene.Fcm.WaitForAsync(i);
        }

        var request = scene.Tokens.Requests.ShouldHaveSingleItem();
        request.Field("grant_type").ShouldBe("urn:ietf:params:oauth:grant-type:jwt-bearer");
        var assertion = await new JsonWebTokenHandler().ValidateTokenAsync(request.Field("assertion"), new TokenValidationParameters
        {
            // A copy: the library caches verifiers by the key, also for servers that get the same one, and the scene disposes its own.
            IssuerSigningKey = new RsaSecurityKey(scene.AccountKey.ExportParameters(includePrivateParameters: false)),
            ValidIssuer = "push@acme-push.iam.gserviceaccount.com",
            ValidAudiences = [scene.Tokens.Url + "/token", "https://oauth2.googleapis.com/token"],
        });
        assertion.IsValid.ShouldBeTrue(assertion.Exception?.Message);
        assertion.Claims["scope"].ShouldBe("https://www.googleapis.com/auth/firebase.messaging");
    }

    [Theory, Engines]
    public async Task A_phone_whose_app_is_gone_gets_no_more_messages_and_its_codes_still_work(Engine engine)
    {
        await using var scene = await FcmScene.StartAsync(engine);
        scene.Fcm.Reply = _ => new ProviderReply(404, Gone);
        var flow = await scene.EnrollAsync();

        (await scene.Phone.SendPushAsync(flow)).ShouldBe(HttpStatusCode.OK);
        await Eventually.GetAsync(scene.Person.ListGuardianLogAsync, log => log.Contains("gd_send_pn_failure"));

        (await scene.Person.ListGuardianLogAsync()).ShouldContain("gd_push_disabled");
        (await scene.Phone.SendPushAsync(flow)).ShouldBeError(HttpStatusCode.Forbidden, "pn_endpoint_disabled");
        var login = await scene.Person.StartAsync();
        login.Json["device_account"]!["available_authenticator_types"].Texts().ShouldBe(["otp", "recovery-code"]);
        (await scene.Person.Guardian.VerifyAsync(login, scene.Person.Guardian.CodeOf(flow))).ShouldBe(HttpStatusCode.OK);
        var listed = (await scene.Person.ListEnrollmentsAsync()).ShouldHaveSingleItem()!;
        listed["push_notifications"]!["enabled"]!.GetValue<bool>().ShouldBeFalse();
        scene.Fcm.Requests.Count.ShouldBe(1);

        scene.Fcm.Reply = _ => new ProviderReply(200, "{}");
        (await scene.Phone.PatchAsync((string)scene.Phone.Account["token"]!, new { push_credentials = new { service = "GCM", token = "new" } })).ShouldBe(HttpStatusCode.OK);
        (await scene.Phone.SendPushAsync(flow)).ShouldBe(HttpStatusCode.OK);
        ((string)(await scene.Fcm.WaitForAsync(2))[1].Json["message"]!["token"]!).ShouldBe("new");
    }

    [Fact]
    public async Task A_phone_that_has_registered_another_address_meanwhile_is_not_disabled()
    {
        await using var scene = await FcmScene.StartAsync(Engine.Sqlite);
        var flow = await scene.EnrollAsync();
        scene.Fcm.Reply = _ =>
        {
            scene.Phone.PatchAsync((string)scene.Phone.Account["token"]!, new { push_credentials = new { service = "GCM", token = "new" } }).GetAwaiter().GetResult();
            return new ProviderReply(404, Gone);
        };

        (await scene.Phone.SendPushAsync(flow)).ShouldBe(HttpStatusCode.OK);
        await Eventually.GetAsync(scene.Person.ListGuardianLogAsync, log => log.Contains("gd_send_pn_failure"));

        (await scene.Person.ListGuardianLogAsync()).ShouldNotContain("gd_push_disabled");
        scene.Fcm.Reply = _ => new ProviderReply(200, "{}");
        (await scene.Phone.SendPushAsync(flow)).ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData(500, """{"error":{"status":"INTERNAL"}}""", false)]
    [InlineData(429, """{"error":{"status":"RESOURCE_EXHAUSTED"}}""", false)]
    [InlineData(403, """{"error":{"status":"PERMISSION_DENIED","details":[{"errorCode":"SENDER_ID_MISMATCH"}]}}""", false)]
    [InlineData(404, "not json", false)]
    [InlineData(400, """{"error":{"status":"INVALID_ARGUMENT"}}""", true)]
    public async Task Any_other_refusal_disables_no_phone(int status, string body, bool isPermanent)
    {
        await using var scene = await FcmScene.StartAsync(Engine.Sqlite);
        scene.Fcm.Reply = _ => new ProviderReply(status, body);
        var flow = await scene.EnrollAsync();

        (await scene.Phone.SendPushAsync(flow)).ShouldBe(HttpStatusCode.OK);
        await scene.Fcm.WaitForAsync(1);
        var failed = await Eventually.GetAsync(
            () => scene.Person.CountAsync("message", "channel = 'push' AND (failed_at IS NOT NULL OR last_error IS NOT NULL)"), count => count == 1);

        failed.ShouldBe(1);
        (await scene.Person.CountAsync("message", "channel = 'push' AND failed_at IS NOT NULL")).ShouldBe(isPermanent ? 1 : 0);
        (await scene.Person.ListGuardianLogAsync()).ShouldNotContain("gd_push_disabled");
    }

    [Fact]
    public async Task APNs_gets_an_alert_over_HTTP2_with_a_token_of_the_key()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await using var apns = await FakeProvider.StartAsync(HttpProtocols.Http2);
        apns.Reply = request => request.Target.EndsWith("gone", StringComparison.Ordinal)
            ? new ProviderReply(410, """{"reason":"Unregistered","timestamp":1}""")
            : new ProviderReply(200);
        await using var server = await TestServer.StartAsync(Engine.Sqlite, ("Sallyport:Providers:ApnsSandbox:BaseAddress", apns.Url));
        var management = new ManagementApi(server);
        await PutAsync(management, "selected-provider", new { provider = "direct" });
        await PutAsync(management, "providers/apns", new { sandbox = true, bundle_id = "com.acme.app", key_id = "KEY1234567", team_id = "TEAM123456", p8 = key.ExportPkcs8PrivateKeyPem() });
        server.Http.DefaultRequestHeaders.UserAgent.ParseAdd("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/130.0.0.0 Safari/537.36");
        var person = await Person.CreateAsync(server);
        var (phone, flow) = await Phone.EnrollAsync(person, service: "APNS");

        (await phone.SendPushAsync(flow)).ShouldBe(HttpStatusCode.OK);
        var request = (await apns.WaitForAsync(1))[0];

        request.Protocol.ShouldBe("HTTP/2");
        request.Target.ShouldBe("/3/device/" + phone.PushToken);
        request.Headers["apns-topic"].ShouldBe("com.acme.app");
        request.Headers["apns-push-type"].ShouldBe("alert");
        request.Headers["apns-priority"].ShouldBe("10");
        request.Headers["apns-expiration"].ShouldBe((phone.Now() + 300).ToString(System.Globalization.CultureInfo.InvariantCulture));
        var (scheme, token) = (request.Headers["authorization"].Split(' ')[0], new JsonWebToken(request.Headers["authorization"].Split(' ')[1]));
        scheme.ShouldBe("bearer");
        (token.Alg, token.Kid, token.Issuer).ShouldBe(("ES256", "KEY1234567", "TEAM123456"));
        (await new JsonWebTokenHandler().ValidateTokenAsync(token.EncodedToken, new TokenValidationParameters
        {
            IssuerSigningKey = new ECDsaSecurityKey(key),
            ValidateIssuer = false,
            ValidateAudience = false,
            ValidateLifetime = false,
        })).IsValid.ShouldBeTrue();
        var payload = request.Json;
        payload.Names().ShouldBe(["aps", "mfa"]);
        ((string)payload["aps"]!["category"]!).ShouldBe("com.auth0.notification.authentication");
        payload["aps"]!["alert"].Names().ShouldBe(["body", "title"]);
        payload["mfa"].Names().ShouldBe(["c", "d", "dai", "s", "sh", "txtkn"]);
        payload["mfa"]!["s"]!["b"]!.Names().ShouldBe(["n", "v"]);

        (await phone.PatchAsync((string)phone.Account["token"]!, new { push_credentials = new { service = "APNS", token = "gone" } })).ShouldBe(HttpStatusCode.OK);
        (await phone.SendPushAsync(flow)).ShouldBe(HttpStatusCode.OK);
        await Eventually.GetAsync(person.ListGuardianLogAsync, log => log.Contains("gd_push_disabled"));
        (await apns.WaitForAsync(2))[1].Headers["authorization"].ShouldBe(request.Headers["authorization"], "Apple refuses new tokens within 20 minutes.");
    }

    [Fact]
    public async Task A_phone_of_a_service_without_credentials_gets_no_message()
    {
        await using var server = await TestServer.StartAsync(Engine.Sqlite);
        var (phone, flow) = await Phone.EnrollAsync(await Person.CreateAsync(server));
        (await phone.SendPushAsync(flow)).ShouldBe(HttpStatusCode.OK);
        await PutAsync(new ManagementApi(server), "selected-provider", new { provider = "direct" });

        (await phone.SendPushAsync(flow)).ShouldBeError(HttpStatusCode.NotFound, "push_notification_not_configured");
    }

    [Fact]
    public async Task A_test_message_says_at_once_what_the_service_answers()
    {
        await using var scene = await FcmScene.StartAsync(Engine.Sqlite);
        var management = new ManagementApi(scene.Server);
        const string Path = "/guardian/factors/push-notification/providers/";

        var accepted = (await management.SendAsync(HttpMethod.Post, Path + "fcmv1/test", new { token = "phone" })).ShouldBe(HttpStatusCode.OK);
        scene.Fcm.Reply = _ => new ProviderReply(403, """{"error":{"status":"PERMISSION_DENIED"}}""");
        var refused = (await management.SendAsync(HttpMethod.Post, Path + "fcmv1/test", new { token = "phone" })).ShouldBe(HttpStatusCode.OK);

        accepted.ToJsonString().ShouldBe("""{"accepted":true}""");
        ((bool)refused["accepted"]!).ShouldBeFalse();
        ((string)refused["error"]!).ShouldBe("Fcm answered 403: PERMISSION_DENIED");
        ((string)scene.Fcm.Requests[0].Json["message"]!["token"]!).ShouldBe("phone");
        (await management.SendAsync(HttpMethod.Post, Path + "apns/test", new { token = "phone" })).Status.ShouldBe(HttpStatusCode.NotFound);
        (await new ManagementApi(scene.Server, "read:guardian_factors").SendAsync(HttpMethod.Post, Path + "fcmv1/test", new { token = "phone" }))
            .Status.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task The_credentials_are_never_shown()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await using var server = await TestServer.StartAsync(Engine.Sqlite);
        var management = new ManagementApi(server);
        var pem = key.ExportPkcs8PrivateKeyPem();

        var stored = await management.SendAsync(
            HttpMethod.Put, "/guardian/factors/push-notification/providers/apns", new { bundle_id = "com.acme.app", key_id = "K", team_id = "T", p8 = pem });
        var shown = await management.SendAsync(HttpMethod.Get, "/guardian/factors/push-notification/providers/apns");

        stored.Text.ShouldNotContain("PRIVATE KEY");
        shown.Text.ShouldNotContain("PRIVATE KEY");
        shown.Json!["enabled"]!.GetValue<bool>().ShouldBeTrue();
    }

    private static async Task PutAsync(ManagementApi management, string path, object body) =>
        (await management.SendAsync(HttpMethod.Put, "/guardian/factors/push-notification/" + path, body)).ShouldBe(HttpStatusCode.OK);

    private sealed class FcmScene : IAsyncDisposable
    {
        private FcmScene(TestServer server, FakeProvider fcm, FakeProvider tokens, RSA accountKey, Person person) =>
            (Server, Fcm, Tokens, AccountKey, Person, Phone) = (server, fcm, tokens, accountKey, person, Phone.Of(person));

        public TestServer Server { get; }

        public FakeProvider Fcm { get; }

        public FakeProvider Tokens { get; }

        public RSA AccountKey { get; }

        public Person Person { get; }

        public Phone Phone { get; }

        public static async Task<FcmScene> StartAsync(Engine engine)
        {
            var (fcm, tokens, key) = (await FakeProvider.StartAsync(), await FakeProvider.StartAsync(), new PooledRsaKeys().Create());
            tokens.Reply = _ => new ProviderReply(200, """{"access_token":"the-access-token","expires_in":3600,"token_type":"Bearer"}""")
            {
                Headers = new Dictionary<string, string> { ["Content-Type"] = "application/json" },
            };
            var server = await TestServer.StartAsync(
                engine, ("Sallyport:Providers:Fcm:BaseAddress", fcm.Url), ("Sallyport:Providers:GoogleTokens:BaseAddress", tokens.Url + "/token"));
            var management = new ManagementApi(server);
            await PutAsync(management, "selected-provider", new { provider = "direct" });
            var account = new JsonObject
            {
                ["type"] = "service_account",
                ["project_id"] = "acme-push",
                ["private_key_id"] = "1",
                ["private_key"] = key.ExportPkcs8PrivateKeyPem(),
                ["client_email"] = "push@acme-push.iam.gserviceaccount.com",
                ["token_uri"] = "https://attacker.example/token",
            };
            await PutAsync(management, "providers/fcmv1", new { server_credentials = account.ToJsonString() });
            var person = await Person.CreateAsync(server);
            await person.SetFactorAsync("push-notification", enabled: true);
            server.Http.DefaultRequestHeaders.UserAgent.ParseAdd("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0");
            return new FcmScene(server, fcm, tokens, key, person);
        }

        public async Task<Flow> EnrollAsync()
        {
            var flow = await Person.StartAsync();
            (await Phone.EnrollAsync(flow)).ShouldBe(HttpStatusCode.Created);
            return flow;
        }

        public async ValueTask DisposeAsync()
        {
            await Server.DisposeAsync();
            await Fcm.DisposeAsync();
            await Tokens.DisposeAsync();
            AccountKey.Dispose();
        }
    }
}
