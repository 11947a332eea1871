using System.Text.Json.Nodes;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.PublishedClients;

/// <summary>npm <c>auth0</c>: policies, settings of factors, and every call without permission.</summary>
[Collection(SharedServers.Name)]
public sealed class SdkGuardianTests(Servers servers)
{
    private const string UnsetTemplates =
        """{"enrollment_message":"{{code}} is your verification code for {{tenant.friendly_name}}. Please enter this code to verify your enrollment.","verification_message":"{{code}} is your verification code for {{tenant.friendly_name}}"}""";

    /// <summary>Run in order on one server. Paths below <c>sms</c> and <c>phone</c> share their settings.</summary>
    private static readonly Setting[] Settings =
    [
        new("policies", """["all-applications"]""", Unset: """["all-applications"]"""),
        new("session",
            """{"display_remember_me_checkbox":false,"remember_me_default_value":true,"mfa_session_inactivity_timeout":3600,"mfa_session_overall_timeout":7200}""",
            Unset: """{"display_remember_me_checkbox":true,"remember_me_default_value":false,"mfa_session_inactivity_timeout":604800,"mfa_session_overall_timeout":2592000}"""),
        new("phone.messageTypes", """{"message_types":["sms","voice"]}""", Unset: """{"message_types":[]}"""),
        new("phone.provider", """{"provider":"twilio"}""", Unset: """{"provider":"auth0"}"""),
        new("sms.provider", """{"provider":"phone-message-hook"}""", Unset: """{"provider":"twilio"}"""),
        new("phone.twilio", """{"from":"+15550100","messaging_service_sid":"MG1","auth_token":"s3cr3t","sid":"AC1"}""",
            Unset: "{}", Stored: """{"from":"+15550100","messaging_service_sid":"MG1","sid":"AC1"}"""),
        new("sms.twilio", """{"from":"+15550101","auth_token":"s3cr3t","sid":"AC2"}""",
            Unset: """{"from":"+15550100","messaging_service_sid":"MG1","sid":"AC1"}""",
            Stored: """{"from":"+15550101","messaging_service_sid":null,"sid":"AC2"}"""),
        new("phone.templates", """{"enrollment_message":"Hello {{code}}","verification_message":"{{code}}"}""", Unset: UnsetTemplates)
        {
            Bad = """{"enrollment_message":"{{code","verification_message":"{{code}}"}""",
        },
        new("sms.templates", """{"enrollment_message":"{{code}}!","verification_message":"Müller {{code}}"}""",
            Unset: """{"enrollment_message":"Hello {{code}}","verification_message":"{{code}}"}"""),
        new("phone.settings", """{"otp_length":8,"otp_expiration_time":120}""", Unset: """{"otp_length":6,"otp_expiration_time":300}"""),
        new("email.settings", """{"otp_length":8,"otp_expiration_time":120}""", Unset: """{"otp_length":6,"otp_expiration_time":300}"""),
        new("push.provider", """{"provider":"sns"}""", Unset: """{"provider":"guardian"}"""),
        new("push.sns", """{"aws_access_key_id":"AK","aws_secret_access_key":"s3cr3t","aws_region":"eu-west-1","sns_apns_platform_application_arn":"a","sns_gcm_platform_application_arn":"g"}""",
            Unset: "{}",
            Stored: """{"aws_access_key_id":"AK","aws_region":"eu-west-1","sns_apns_platform_application_arn":"a","sns_gcm_platform_application_arn":"g"}"""),
        new("push.sns", """{"aws_region":"us-west-2"}""",
            Stored: """{"aws_access_key_id":"AK","aws_region":"us-west-2","sns_apns_platform_application_arn":"a","sns_gcm_platform_application_arn":"g"}""")
        {
            Verb = "update",
            Since = 4,
        },
        new("push.apns", """{"sandbox":true,"bundle_id":"com.example"}""",
            Unset: """{"bundle_id":null,"sandbox":false,"enabled":false}""",
            Stored: """{"bundle_id":"com.example","sandbox":true,"enabled":false}""")
        {
            Bad = """{"p12":"bm90IGEgZmlsZQ=="}""",
        },
        new("push.apns", """{"sandbox":false}""", Stored: """{"bundle_id":"com.example","sandbox":false,"enabled":false}""") { Verb = "update", Since = 4 },
        new("push.fcm", """{"server_key":"s3cr3t"}""") { Answer = "{}", IsRead = false },
        new("push.fcm", """{"server_key":"s3cr3t"}""") { Answer = "{}", IsRead = false, Verb = "update" },
        new("push.fcmv1", ServiceAccount.NewBody("s3cr3t")) { Answer = "{}", IsRead = false },
        new("push.fcmv1", ServiceAccount.NewBody("s3cr3t")) { Answer = "{}", IsRead = false, Verb = "update" },
        new("duo.settings", """{"ikey":"DI","skey":"s3cr3t","host":"api-1.duosecurity.com"}""", Unset: "{}", Stored: """{"ikey":"DI","host":"api-1.duosecurity.com"}"""),
        new("duo.settings", """{"host":"api-2.duosecurity.com"}""", Stored: """{"ikey":"DI","host":"api-2.duosecurity.com"}""") { Verb = "update", Since = 5 },
        new("roaming.settings", """{"userVerification":"required"}""",
            Unset: """{"userVerification":"discouraged","overrideRelyingParty":false}""",
            Stored: """{"userVerification":"required","overrideRelyingParty":false}"""),
        new("platform.settings", """{"overrideRelyingParty":true,"relyingPartyIdentifier":"example.com"}""", Unset: """{"overrideRelyingParty":false}"""),
    ];

    [Theory, Generations]
    public async Task A_setting_is_read_written_and_validated(Engine engine, int generation)
    {
        var sdk = new ManagementSdk(await servers.GetCleanAsync(engine, isSecure: true), generation);

        foreach (var setting in Settings.Where(setting => setting.Since <= generation))
        {
            setting.AddTo(sdk);
        }

        await sdk.ProveAsync();
    }

    [Theory, Generations]
    public async Task Every_call_refuses_an_invalid_token_and_one_without_the_scope(Engine engine, int generation)
    {
        var server = await servers.GetSecureAsync(engine);
        var other = await new ManagementApi(server).FetchTokenAsync("read:actions");

        var outcomes = await new ManagementSdk(server, generation)
            .ThenEveryCallAs(new { token = "a.b.c" })
            .ThenEveryCallAs(new { token = other })
            .RunAsync();

        var calls = outcomes.Count / 2;
        calls.ShouldBeGreaterThan(60);
        outcomes.Take(calls).Select(outcome => outcome.Call).ShouldBe(outcomes.Skip(calls).Select(outcome => outcome.Call));
        foreach (var outcome in outcomes.Take(calls))
        {
            outcome.ShouldBeError(401, null);
        }

        foreach (var outcome in outcomes.Skip(calls))
        {
            outcome.ShouldBeError(403, "insufficient_scope");
        }
    }

    /// <param name="Name">The first part of the names of its calls.</param>
    /// <param name="Body">The body of the write.</param>
    /// <param name="Unset">The result of a read before the write; null if that is not checked.</param>
    /// <param name="Stored">The result of a read after the write; null if it equals the body.</param>
    private sealed record Setting(string Name, string Body, string? Unset = null, string? Stored = null)
    {
        public string Verb { get; init; } = "set";

        /// <summary>The first generation that has this call. With earlier ones nothing is written, so a read cannot be checked.</summary>
        public int Since { get; init; }

        public bool IsRead { get; init; } = true;

        /// <summary>The answer to the write; null if it equals the body.</summary>
        public string? Answer { get; init; }

        public string Bad { get; init; } = """{"nonsense":1}""";

        public void AddTo(ManagementSdk sdk)
        {
            var (read, write) = (Name + ".get", $"{Name}.{Verb}");
            if (Unset is not null)
            {
                sdk.Then(read).Gives(Unset);
            }

            sdk.Then(write, body: JsonNode.Parse(Body)).Gives(Answer ?? Body);
            if (IsRead)
            {
                sdk.Then(read).Gives(Stored ?? Body);
            }

            sdk.Then(write, body: JsonNode.Parse(Bad)).Refused(400, "invalid_body");
        }
    }
}
