using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Sallyport.Server.Factors.Settings;
using Sallyport.Server.Settings;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Factors.Settings;

/// <summary>Every setting of a factor, with recorded answers: a write returns its body, a read what is stored.</summary>
public sealed class FactorSettingTests(Servers servers) : IClassFixture<Servers>
{
    private const string Factors = "/guardian/factors";
    private const string DefaultTemplates =
        """{"enrollment_message":"{{code}} is your verification code for {{tenant.friendly_name}}. Please enter this code to verify your enrollment.","verification_message":"{{code}} is your verification code for {{tenant.friendly_name}}"}""";

    private static readonly (string Path, string Expected)[] Unset =
    [
        ("/phone/message-types", """{"message_types":[]}"""),
        ("/sms/message-types", """{"message_types":[]}"""),
        ("/phone/selected-provider", """{"provider":"auth0"}"""),
        ("/sms/selected-provider", """{"provider":"auth0"}"""),
        ("/phone/providers/twilio", "{}"),
        ("/sms/providers/twilio", "{}"),
        ("/phone/templates", DefaultTemplates),
        ("/sms/templates", DefaultTemplates),
        ("/push-notification/selected-provider", """{"provider":"guardian"}"""),
        ("/push-notification/providers/sns", "{}"),
        ("/push-notification/providers/apns", """{"bundle_id":null,"sandbox":false,"enabled":false}"""),
        ("/duo/settings", "{}"),
        ("/webauthn-roaming/settings", """{"userVerification":"discouraged","overrideRelyingParty":false}"""),
        ("/webauthn-platform/settings", """{"overrideRelyingParty":false}"""),
        ("/phone/settings", """{"otp_length":6,"otp_expiration_time":300}"""),
        ("/email/settings", """{"otp_length":6,"otp_expiration_time":300}"""),
    ];

    /// <summary>Run in order on one server: each row expects what a read returns after the rows above it.</summary>
    private static readonly SettingCase[] Written =
    [
        new("PUT /phone/message-types", """{"message_types":["voice"]}"""),
        new("PUT /sms/message-types", """{"message_types":["voice","sms"]}"""),
        new("PUT /phone/message-types", """{"message_types":[]}"""),
        new("PUT /sms/selected-provider", """{"provider":"twilio"}"""),
        new("PUT /phone/selected-provider", """{"provider":"phone-message-hook"}"""),
        new("PUT /phone/providers/twilio", """{"from":"from bar","messaging_service_sid":"foo","auth_token":"s3cr3t-bar","sid":"foo"}""",
            Stored: """{"sid":"foo","from":"from bar","messaging_service_sid":"foo"}"""),
        new("PUT /sms/providers/twilio", """{"from":"123456789","auth_token":"s3cr3t-token","sid":"test_sid"}""",
            Stored: """{"sid":"test_sid","from":"123456789","messaging_service_sid":null}"""),
        new("PUT /sms/providers/twilio", """{"from":null,"auth_token":null,"sid":null,"messaging_service_sid":null}""",
            Stored: """{"sid":null,"from":null,"messaging_service_sid":null}"""),
        new("PUT /sms/templates", """{"enrollment_message":"Test {{code}} for {{tenant.friendly_name}}","verification_message":"Müller's {{code}} <b>"}"""),
        new("PUT /phone/templates", """{"verification_message":"verify {% if message_type == 'voice' %}{{ pause }}{% endif %}","enrollment_message":"enroll foo"}"""),
        new("PUT /push-notification/selected-provider", """{"provider":"sns"}"""),
        new("PUT /push-notification/selected-provider", """{"provider":"direct"}"""),
        new("PUT /push-notification/providers/sns",
            """{"aws_access_key_id":"test","aws_secret_access_key":"s3cr3t-aws","aws_region":"us-west-1","sns_apns_platform_application_arn":"test_arn","sns_gcm_platform_application_arn":"test_arn"}""",
            Stored: """{"aws_access_key_id":"test","aws_region":"us-west-1","sns_apns_platform_application_arn":"test_arn","sns_gcm_platform_application_arn":"test_arn"}"""),
        new("PATCH /push-notification/providers/sns", """{"sns_gcm_platform_application_arn":"other","aws_region":null}""",
            Stored: """{"aws_access_key_id":"test","aws_region":null,"sns_apns_platform_application_arn":"test_arn","sns_gcm_platform_application_arn":"other"}"""),
        new("PUT /push-notification/providers/sns", """{"aws_access_key_id":"test1","aws_region":"ap-southeast-2"}""",
            Stored: """{"aws_access_key_id":"test1","aws_region":"ap-southeast-2","sns_apns_platform_application_arn":null,"sns_gcm_platform_application_arn":null}"""),
        new("PUT /push-notification/providers/apns", """{"sandbox":true,"bundle_id":"com.my.app"}""",
            Stored: """{"bundle_id":"com.my.app","sandbox":true,"enabled":false}"""),
        new("PATCH /push-notification/providers/apns", """{"sandbox":false}""",
            Stored: """{"bundle_id":"com.my.app","sandbox":false,"enabled":false}"""),
        new("PUT /duo/settings", """{"host":"api-hostname.duosecurity.com","ikey":"someKey","skey":"s3cr3t-duo"}""", Stored: """{"ikey":"someKey","host":"api-hostname.duosecurity.com"}"""),
        new("PATCH /duo/settings", """{"host":"other-hostname.duofederal.com"}""", Stored: """{"ikey":"someKey","host":"other-hostname.duofederal.com"}"""),
        new("PUT /webauthn-roaming/settings", """{"userVerification":"preferred"}""", Stored: """{"userVerification":"preferred","overrideRelyingParty":false}"""),
        new("PUT /webauthn-roaming/settings", """{"overrideRelyingParty":true,"relyingPartyIdentifier":"example.com"}""",
            Stored: """{"userVerification":"preferred","overrideRelyingParty":true,"relyingPartyIdentifier":"example.com"}"""),
        new("PUT /webauthn-platform/settings", """{"overrideRelyingParty":false}"""),
        new("PUT /phone/settings", """{"otp_expiration_time":120,"otp_length":8}"""),
        new("PUT /email/settings", """{"otp_length":7,"otp_expiration_time":600}"""),
    ];

    [Theory, Engines]
    public async Task Settings_have_the_recorded_defaults(Engine engine)
    {
        var server = await servers.GetCleanAsync(engine);
        var management = new ManagementApi(server);

        foreach (var (path, expected) in Unset)
        {
            ShouldEqual(await management.GetAsync(Factors + path), expected, path);
        }
    }

    [Theory, Engines]
    public async Task Every_write_returns_its_body_and_is_stored(Engine engine)
    {
        var server = await servers.GetCleanAsync(engine);
        var management = new ManagementApi(server);
        foreach (var row in Written)
        {
            var answer = await SendAsync(management, row.Method, row.Path, row.Body);

            answer.ShouldBe(HttpStatusCode.OK);
            answer.Text.ShouldBe(row.Answer ?? row.Body, row.Request);
            ShouldEqual(await management.GetAsync(Factors + row.Path), row.Stored ?? row.Body, row.Request);
        }
    }

    [Theory, Engines]
    public async Task Paths_under_phone_and_sms_share_their_settings(Engine engine)
    {
        var server = await servers.GetCleanAsync(engine);
        var management = new ManagementApi(server);

        foreach (var (path, body) in new[]
        {
            ("message-types", """{"message_types":["sms"]}"""), ("selected-provider", """{"provider":"twilio"}"""),
            ("templates", """{"enrollment_message":"a","verification_message":"b"}"""),
        })
        {
            (await SendAsync(management, HttpMethod.Put, "/sms/" + path, body)).ShouldBe(HttpStatusCode.OK);
            ShouldEqual(await management.GetAsync($"{Factors}/phone/{path}"), body, path);
        }
    }

    [Theory, Engines]
    public async Task The_list_of_factors_includes_settings_on_request(Engine engine)
    {
        var server = await servers.GetCleanAsync(engine);
        var management = new ManagementApi(server);
        (await SendAsync(management, HttpMethod.Put, "/phone/settings", """{"otp_length":8,"otp_expiration_time":120}""")).ShouldBe(HttpStatusCode.OK);

        var factors = (await management.GetAsync(Factors + "?include_settings=true")).AsArray();

        factors.Select(factor => ((string)factor!["name"]!, factor["settings"]?.ToJsonString())).ShouldBe(
        [
            ("sms", """{"otp_length":8,"otp_expiration_time":120}"""), ("push-notification", null), ("otp", null),
            ("email", """{"otp_length":6,"otp_expiration_time":300}"""), ("duo", null), ("webauthn-roaming", null), ("webauthn-platform", null),
            ("recovery-code", null),
        ]);
        (await management.GetAsync(Factors)).AsArray().ShouldAllBe(factor => factor!["settings"] == null);
        (await management.SendAsync(HttpMethod.Get, Factors + "?include_settings=1")).ShouldBeError(HttpStatusCode.BadRequest, "invalid_query_string");
    }

    public static TheoryData<string, string, string> Bad() => new()
    {
        { "PUT /phone/message-types", """{"message_types":["sms","sms"]}""", "not unique (indexes 0 and 1)" },
        { "PUT /phone/message-types", """{"message_types":["fax"]}""", "message_types" },
        { "PUT /phone/message-types", """{"message_types":null}""", "message_types" },
        { "PUT /phone/message-types", "{}", "Missing required property: message_types" },
        { "PUT /phone/message-types", """{"message_types":[],"enabled":true}""", "Additional properties not allowed: enabled" },
        { "PUT /sms/selected-provider", """{"provider":"guardian"}""", "provider" },
        { "PUT /sms/selected-provider", """{"provider":null}""", "provider" },
        { "PUT /phone/providers/twilio", """{"from":"12345678901234567890123456789012345678901234567890123456789012345"}""", "from" },
        { "PUT /phone/providers/twilio", """{"auth_token":""}""", "auth_token" },
        { "PUT /phone/providers/twilio", """{"token":"x"}""", "Additional properties not allowed: token" },
        { "PUT /sms/templates", """{"enrollment_message":"a"}""", "Missing required property: verification_message" },
        { "PUT /sms/templates", """{"enrollment_message":"a","verification_message":"x\n  {{ code | }}"}""", "Invalid verification_message template: line 2, column" },
        { "PUT /phone/templates", """{"enrollment_message":"{% if code %}","verification_message":"b"}""", "Invalid enrollment_message template: line 1, column" },
        { "PUT /phone/templates", """{"enrollment_message":"{{ code","verification_message":"b"}""", "Invalid enrollment_message template: line 1, column" },
        { "PUT /phone/templates", """{"enrollment_message":"{{ code | pwn }}","verification_message":"b"}""", "Invalid enrollment_message template: line 1, column" },
        { "PUT /push-notification/selected-provider", """{"provider":"auth0"}""", "provider" },
        { "PUT /push-notification/providers/sns", """{"aws_region":"mars-north-1"}""", "aws_region" },
        { "PATCH /push-notification/providers/sns", """{"aws_region":"eu-west-123"}""", "aws_region" },
        { "PATCH /push-notification/providers/apns", """{"sandbox":null}""", "sandbox" },
        { "PATCH /push-notification/providers/apns", """{"enabled":true}""", "Additional properties not allowed: enabled" },
        { "PUT /push-notification/providers/fcm", """{"server_key":1}""", "server_key" },
        { "PUT /duo/settings", """{"skey":""}""", "skey" },
        { "PUT /duo/settings", """{"ikey":"i","skey":"s","host":"evil.example"}""", "host" },
        { "PUT /duo/settings", """{"host":"https://api-1.duosecurity.com"}""", "host" },
        { "PATCH /duo/settings", """{"host":"api-1.duosecurity.com.evil.example"}""", "host" },
        { "PUT /phone/providers/phone-message-hook", """{"url":"http://hook.example.com/","secret":"0123456789abcdef"}""", "url" },
        { "PUT /phone/providers/phone-message-hook", """{"url":"https://127.0.0.1/","secret":"0123456789abcdef"}""", "url" },
        { "PUT /phone/providers/phone-message-hook", """{"url":"https://[::1]:8443/","secret":"0123456789abcdef"}""", "url" },
        { "PUT /phone/providers/phone-message-hook", """{"url":"https://169.254.169.254/latest","secret":"0123456789abcdef"}""", "url" },
        { "PUT /phone/providers/phone-message-hook", """{"url":"https://localhost/","secret":"0123456789abcdef"}""", "url" },
        { "PUT /phone/providers/phone-message-hook", """{"url":"https://sms.internal/","secret":"0123456789abcdef"}""", "url" },
        { "PUT /push-notification/providers/fcmv1", """{"server_credentials":"{\"foo\":1}"}""", "server_credentials" },
        { "PATCH /push-notification/providers/fcmv1", """{"server_credentials":"x"}""", "server_credentials" },
        { "PUT /push-notification/providers/apns", """{"p8":"garbage"}""", "p8" },
        { "PATCH /push-notification/providers/apns", """{"p12":"garbage"}""", "p12" },
        { "PUT /duo/settings", """{"skey":null}""", "skey" },
        { "PUT /webauthn-roaming/settings", """{"userVerification":"maybe"}""", "userVerification" },
        { "PUT /webauthn-roaming/settings", """{"user_verification":"required"}""", "Additional properties not allowed: user_verification" },
        { "PUT /webauthn-platform/settings", """{"relyingPartyIdentifier":"a b"}""", "relyingPartyIdentifier" },
        { "PUT /webauthn-platform/settings", """{"userVerification":"required"}""", "Additional properties not allowed: userVerification" },
        { "PUT /phone/settings", """{"otp_length":4,"otp_expiration_time":300}""", "from 6 to 10' on property otp_length" },
        { "PUT /email/settings", """{"otp_length":6}""", "Missing required property: otp_expiration_time" },
        { "PUT /email/settings", """{"otp_length":6,"otp_expiration_time":300.5}""", "otp_expiration_time" },
    };

    [Theory, MemberData(nameof(Bad))]
    public async Task An_invalid_body_is_refused_by_name_and_changes_nothing(string request, string body, string named)
    {
        foreach (var engine in Enum.GetValues<Engine>())
        {
            var server = await servers.GetAsync(engine);
            var before = await DatabaseDump.TakeAsync(server.Database);

            var answer = await SendAsync(new ManagementApi(server), HttpMethod.Parse(request.Split(' ')[0]), request.Split(' ')[1], body);

            answer.ShouldBeError(HttpStatusCode.BadRequest, "invalid_body");
            ((string)answer.Json!["message"]!).ShouldContain(named);
            (await DatabaseDump.TakeAsync(server.Database)).ShouldBe(before);
        }
    }

    [Theory, Engines]
    public async Task The_scope_to_read_does_not_allow_writes(Engine engine)
    {
        var reader = new ManagementApi(await servers.GetAsync(engine), "read:guardian_factors");

        (await SendAsync(reader, HttpMethod.Get, "/duo/settings", null)).ShouldBe(HttpStatusCode.OK);
        (await SendAsync(reader, HttpMethod.Put, "/duo/settings", """{"ikey":"x"}""")).ShouldBeError(HttpStatusCode.Forbidden, "insufficient_scope");
        (await reader.SendAsync(HttpMethod.Get, "/prompts/mfa-push")).ShouldBeError(HttpStatusCode.Forbidden, "insufficient_scope");
    }

    /// <summary>Otherwise the secret of the old host would be sent to the new one.</summary>
    [Theory, Engines]
    public async Task A_secret_is_not_kept_for_another_account(Engine engine)
    {
        var server = await servers.GetCleanAsync(engine);
        var management = new ManagementApi(server);
        var settingReader = server.Services.GetRequiredService<SettingReader>();
        ValueTask<SettingValue?> FindAsync() => server.Database.ReadAsync(
            session => settingReader.FindAsync(session, TenantId.Default, FactorSettings.Duo, CancellationToken.None), CancellationToken.None);
        (await SendAsync(management, HttpMethod.Put, "/duo/settings", """{"ikey":"i","host":"old.duosecurity.com","skey":"canary"}""")).ShouldBe(HttpStatusCode.OK);

        (await SendAsync(management, HttpMethod.Patch, "/duo/settings", """{"host":"old.duosecurity.com"}""")).ShouldBe(HttpStatusCode.OK);
        (await FindAsync())!.Secrets["skey"].ShouldBe("canary");
        (await SendAsync(management, HttpMethod.Patch, "/duo/settings", """{"host":"new.duosecurity.com"}""")).ShouldBe(HttpStatusCode.OK);

        (await FindAsync())!.Secrets.ShouldBeEmpty();
        (await SendAsync(management, HttpMethod.Patch, "/duo/settings", """{"host":"newer.duosecurity.com","skey":"its own"}""")).ShouldBe(HttpStatusCode.OK);
        (await FindAsync())!.Secrets["skey"].ShouldBe("its own");
    }

    /// <summary>Each request changes another field, and one of them creates the row.</summary>
    [Theory, Engines]
    public async Task Sixteen_concurrent_merges_lose_nothing(Engine engine)
    {
        var server = await servers.GetCleanAsync(engine);
        var management = new ManagementApi(server);
        await management.GetAsync(Factors);
        string[] fields = ["aws_access_key_id", "aws_secret_access_key", "sns_apns_platform_application_arn", "sns_gcm_platform_application_arn"];

        await Task.WhenAll(Enumerable.Range(0, 16).Select(async number =>
            (await SendAsync(management, HttpMethod.Patch, "/push-notification/providers/sns", $$"""{"{{fields[number % 4]}}":"v{{number % 4}}"}"""))
                .ShouldBe(HttpStatusCode.OK)));

        ShouldEqual(
            await management.GetAsync(Factors + "/push-notification/providers/sns"),
            """{"aws_access_key_id":"v0","sns_apns_platform_application_arn":"v2","sns_gcm_platform_application_arn":"v3"}""",
            "sns");
    }

    [Theory, Engines]
    public async Task A_patch_of_the_push_app_returns_all_its_settings(Engine engine)
    {
        var server = await servers.GetCleanAsync(engine);
        var management = new ManagementApi(server);
        ShouldEqual(await management.GetAsync("/prompts/mfa-push"), "{}", "unset");
        await management.SendAsync(HttpMethod.Patch, "/prompts/mfa-push", Content("""{"app_name":"CustomApp1","apple_app_link":"https://itunes.apple.com/us/app/my-app/id123121"}"""));

        var patched = await management.SendAsync(HttpMethod.Patch, "/prompts/mfa-push", Content("""{"google_app_link":"https://play.google.com/store/apps/details?id=com.my.app"}"""));

        const string Expected =
            """{"google_app_link":"https://play.google.com/store/apps/details?id=com.my.app","apple_app_link":"https://itunes.apple.com/us/app/my-app/id123121","app_name":"CustomApp1"}""";
        patched.ShouldBe(HttpStatusCode.OK);
        patched.Text.ShouldBe(Expected);
        ShouldEqual(await management.GetAsync("/prompts/mfa-push"), Expected, "stored");
        (await management.SendAsync(HttpMethod.Patch, "/prompts/mfa-push", Content("""{"apple_app_link":"javascript:x"}"""))).ShouldBeError(HttpStatusCode.BadRequest, "invalid_body");
    }

    private static Task<Answer> SendAsync(ManagementApi management, HttpMethod method, string path, string? body) =>
        management.SendAsync(method, Factors + path, body is null ? null : Content(body));

    private static StringContent Content(string body) => new(body, Encoding.UTF8, "application/json");

    /// <summary>Ignores the order of the members.</summary>
    private static void ShouldEqual(JsonNode actual, string expected, string what) =>
        JsonNode.DeepEquals(actual, JsonNode.Parse(expected)).ShouldBeTrue($"{what}: {actual.ToJsonString()}");
}
