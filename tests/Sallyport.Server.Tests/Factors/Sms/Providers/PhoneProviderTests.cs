using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Microsoft.Extensions.DependencyInjection;
using Sallyport.Server.Factors.Sms.Providers;
using Sallyport.Server.Messages;
using Sallyport.Server.Settings;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Factors.Sms.Providers;

/// <summary>What the providers of text messages and calls send, as the services publish it, and how their answers are understood.</summary>
public sealed class PhoneProviderTests
{
    private static readonly PhoneMessageV1 TextMessage = new()
    {
        Channel = Message.Sms,
        To = "+14255550123",
        Text = "123456 & <your> code für Ünïted",
        Kind = PhoneMessageV1.Verification,
        Language = "en",
        Context = new PhoneMessageContextV1("auth0|ada", "123456") { ClientId = "app", Address = "192.0.2.1", UserAgent = "Firefox" },
    };

    private static readonly PhoneMessageV1 Call = TextMessage with { Channel = Message.Voice, Language = "pt-BR", Text = "1. 2 <&> \u0001\"3\"" };

    private static readonly SettingValue Twilio = Settings(
        """{"sid":"AC0123","from":"+15005550006","messaging_service_sid":null}""", ("auth_token", "a-token"));

    private static readonly SettingValue Sns = Settings(
        """{"aws_access_key_id":"AKIDEXAMPLEEXAMPLE","aws_region":"eu-west-1"}""", ("aws_secret_access_key", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"));

    [Fact]
    public async Task Twilio_gets_a_text_message_as_its_Messages_API_publishes_it()
    {
        await using var gateway = await FakeProvider.StartAsync();
        gateway.Reply = _ => new ProviderReply(201, """{"sid":"SM0123","status":"queued","error_code":null}""");

        var id = await SendAsync<TwilioGateway>(gateway, Twilio, TextMessage);

        id.ShouldBe("SM0123");
        var request = gateway.Requests.ShouldHaveSingleItem();
        (request.Method, request.Target).ShouldBe(("POST", "/2010-04-01/Accounts/AC0123/Messages.json"));
        request.Headers["Authorization"].ShouldBe("Basic " + Convert.ToBase64String("AC0123:a-token"u8));
        request.Headers["Content-Type"].ShouldBe("application/x-www-form-urlencoded");
        request.FieldNames.ShouldBe(["To", "From", "Body"]);
        (request.Field("To"), request.Field("From"), request.Field("Body")).ShouldBe(("+14255550123", "+15005550006", TextMessage.Text));
    }

    [Fact]
    public async Task A_messaging_service_of_Twilio_chooses_the_sender()
    {
        await using var gateway = await FakeProvider.StartAsync();
        var settings = Settings("""{"sid":"AC0123","from":"+15005550006","messaging_service_sid":"MG0123"}""", ("auth_token", "a-token"));

        await SendAsync<TwilioGateway>(gateway, settings, TextMessage);

        var request = gateway.Requests.ShouldHaveSingleItem();
        request.FieldNames.ShouldBe(["To", "MessagingServiceSid", "Body"]);
        request.Field("MessagingServiceSid").ShouldBe("MG0123");
    }

    [Fact]
    public async Task Twilio_speaks_the_text_of_a_call_twice_in_its_language()
    {
        await using var gateway = await FakeProvider.StartAsync();
        gateway.Reply = _ => new ProviderReply(201, """{"sid":"CA0123"}""");

        (await SendAsync<TwilioGateway>(gateway, Twilio, Call)).ShouldBe("CA0123");

        var request = gateway.Requests.ShouldHaveSingleItem();
        request.Target.ShouldBe("/2010-04-01/Accounts/AC0123/Calls.json");
        request.FieldNames.ShouldBe(["To", "From", "Twiml"]);
        request.Field("Twiml").ShouldBe("""<Response><Say loop="2" language="pt-BR">1. 2 &lt;&amp;&gt; "3"</Say></Response>""");
        XElement.Parse(request.Field("Twiml")!).Value.ShouldBe("1. 2 <&> \"3\"");
    }

    [Theory]
    [InlineData("zh", "cmn-CN")]
    [InlineData("de-AT", "de-DE")]
    [InlineData("eo", null)]
    public async Task A_language_without_a_voice_is_spoken_by_the_usual_voice(string language, string? voice)
    {
        await using var gateway = await FakeProvider.StartAsync();

        await SendAsync<TwilioGateway>(gateway, Twilio, Call with { Language = language });

        var say = XElement.Parse(gateway.Requests.ShouldHaveSingleItem().Field("Twiml")!).Element("Say")!;
        ((string?)say.Attribute("language")).ShouldBe(voice);
    }

    [Theory]
    [InlineData(401, 20003, false, true)]
    [InlineData(400, 21212, false, true)]
    [InlineData(400, 21659, false, true)]
    [InlineData(400, 21211, true, false)]
    [InlineData(400, 21408, true, false)]
    [InlineData(400, 21610, true, false)]
    [InlineData(400, 21614, true, false)]
    [InlineData(429, 20429, false, false)]
    [InlineData(400, 21611, false, false)]
    [InlineData(500, 20500, false, false)]
    public async Task An_error_code_of_Twilio_says_whether_to_try_again(int status, int code, bool isPermanent, bool isConfigurationFault)
    {
        await using var gateway = await FakeProvider.StartAsync();
        var error = new JsonObject { ["code"] = code, ["message"] = "The number +14255550123 is refused", ["status"] = status };
        gateway.Reply = _ => new ProviderReply(status, error.ToJsonString());

        var fault = await ShouldFailAsync<TwilioGateway>(gateway, Twilio, TextMessage);

        fault.Message.ShouldBe($"Twilio answered {status}: {code} The number *** is refused");
        (fault.IsPermanent, fault.IsConfigurationFault).ShouldBe((isPermanent, isConfigurationFault));
    }

    [Theory]
    [InlineData("""{"sid":null,"from":"+15005550006"}""", "sms", "Twilio has no credentials; set sid and auth_token.")]
    [InlineData("""{"sid":"AC0123","from":""}""", "sms", "Twilio has no sender; set from or messaging_service_sid.")]
    [InlineData("""{"sid":"AC0123","messaging_service_sid":"MG0123"}""", "voice", "Twilio has no caller; set from, because a messaging service makes no calls.")]
    public async Task Missing_settings_of_Twilio_are_a_fault_of_the_configuration(string settings, string channel, string fault)
    {
        await using var gateway = await FakeProvider.StartAsync();

        var exception = await ShouldFailAsync<TwilioGateway>(gateway, Settings(settings, ("auth_token", "a-token")), TextMessage with { Channel = channel });

        (exception.Message, exception.IsConfigurationFault).ShouldBe((fault, true));
        gateway.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task SNS_gets_a_signed_request_as_its_action_Publish_publishes_it()
    {
        await using var gateway = await FakeProvider.StartAsync();
        gateway.Reply = _ => new ProviderReply(200, """
            <PublishResponse xmlns="https://sns.amazonaws.com/doc/2010-03-31/">
              <PublishResult><MessageId>567910cd-659e-55d4-8ccb-5aaf14679dc0</MessageId></PublishResult>
            </PublishResponse>
            """);

        (await SendAsync<SnsGateway>(gateway, Sns, TextMessage)).ShouldBe("567910cd-659e-55d4-8ccb-5aaf14679dc0");

        var request = gateway.Requests.ShouldHaveSingleItem();
        (request.Method, request.Target).ShouldBe(("POST", "/"));
        request.FieldNames.ShouldBe(
        [
            "Action", "Version", "PhoneNumber", "Message",
            "MessageAttributes.entry.1.Name", "MessageAttributes.entry.1.Value.DataType", "MessageAttributes.entry.1.Value.StringValue",
        ]);
        (request.Field("Action"), request.Field("Version")).ShouldBe(("Publish", "2010-03-31"));
        (request.Field("PhoneNumber"), request.Field("Message")).ShouldBe(("+14255550123", TextMessage.Text));
        request.Field("MessageAttributes.entry.1.Name").ShouldBe("AWS.SNS.SMS.SMSType");
        request.Field("MessageAttributes.entry.1.Value.StringValue").ShouldBe("Transactional");
        request.Headers["X-Amz-Date"].ShouldBe("20260301T120000Z");
        request.Headers["Authorization"].ShouldMatch(
            "^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLEEXAMPLE/20260301/eu-west-1/sns/aws4_request, SignedHeaders=content-type;host;x-amz-date, Signature=[0-9a-f]{64}$");
    }

    [Fact]
    public async Task SNS_shows_the_name_of_the_sender_where_countries_allow_it()
    {
        await using var gateway = await FakeProvider.StartAsync();
        var settings = Settings(
            """{"aws_access_key_id":"AKIDEXAMPLEEXAMPLE","aws_region":"eu-west-1","sender_id":"Example"}""", ("aws_secret_access_key", "a-secret"));

        await SendAsync<SnsGateway>(gateway, settings, TextMessage);

        var request = gateway.Requests.ShouldHaveSingleItem();
        request.Field("MessageAttributes.entry.2.Name").ShouldBe("AWS.SNS.SMS.SenderID");
        request.Field("MessageAttributes.entry.2.Value.StringValue").ShouldBe("Example");
    }

    [Theory]
    [InlineData(403, "InvalidClientTokenId", false, true)]
    [InlineData(400, "IncompleteSignature", false, true)]
    [InlineData(403, "SignatureDoesNotMatch", false, true)]
    [InlineData(400, "Throttling", false, false)]
    [InlineData(429, "Throttled", false, false)]
    [InlineData(400, "InvalidParameter", true, false)]
    [InlineData(400, "OptedOut", true, false)]
    [InlineData(500, "InternalError", false, false)]
    public async Task An_error_code_of_SNS_says_whether_to_try_again(int status, string code, bool isPermanent, bool isConfigurationFault)
    {
        await using var gateway = await FakeProvider.StartAsync();
        gateway.Reply = _ => new ProviderReply(
            status, $"<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>Bad +14255550123</Message></Error></ErrorResponse>");

        var fault = await ShouldFailAsync<SnsGateway>(gateway, Sns, TextMessage);

        fault.Message.ShouldBe($"Sns answered {status}: {code} Bad ***");
        (fault.IsPermanent, fault.IsConfigurationFault).ShouldBe((isPermanent, isConfigurationFault));
    }

    [Fact]
    public async Task SNS_makes_no_calls()
    {
        await using var gateway = await FakeProvider.StartAsync();

        var fault = await ShouldFailAsync<SnsGateway>(gateway, Sns, Call);

        fault.IsConfigurationFault.ShouldBeTrue();
        gateway.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_webhook_gets_the_facts_and_a_signature_that_it_can_check()
    {
        const string Secret = "a secret of the webhook";
        await using var hook = await FakeProvider.StartAsync();
        hook.Reply = _ => new ProviderReply(200, """{"message_id":"m-1"}""");

        var id = await SendAsync<PhoneHook>(hook, Settings($$"""{"url":"{{hook.Url}}/sms?key=1"}""", ("secret", Secret)), TextMessage);

        id.ShouldBe("m-1");
        var request = hook.Requests.ShouldHaveSingleItem();
        (request.Method, request.Target).ShouldBe(("POST", "/sms?key=1"));
        request.Headers["Content-Type"].ShouldBe("application/json; charset=utf-8");
        request.Headers["Idempotency-Key"].ShouldBe("20260301000000000");
        JsonNode.DeepEquals(request.Json, JsonNode.Parse("""
            {
              "id": "20260301000000000",
              "created_at": "2026-03-01T12:00:00.000Z",
              "recipient": "+14255550123",
              "text": "123456 & <your> code für Ünïted",
              "context": {
                "message_type": "sms",
                "action": "second-factor-authentication",
                "language": "en",
                "code": "123456",
                "ip": "192.0.2.1",
                "user_agent": "Firefox",
                "client": { "client_id": "app" },
                "user": { "user_id": "auth0|ada" }
              }
            }
            """)).ShouldBeTrue(request.Body);
        var seconds = new ManualClock().GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var expected = System.Security.Cryptography.HMACSHA256.HashData(
            Encoding.UTF8.GetBytes(Secret), Encoding.UTF8.GetBytes(seconds + "." + request.Body));
        request.Headers["Sallyport-Signature"].ShouldBe($"t={seconds},v1={Convert.ToHexStringLower(expected)}");
    }

    [Fact]
    public void The_signature_of_the_documentation_is_reproduced() =>
        PhoneHookConnection.Sign("0123456789abcdef", DateTimeOffset.FromUnixTimeSeconds(1772366400), """{"recipient":"+14255550123"}""")
            .ShouldBe("t=1772366400,v1=" + DocumentedSignature());

    [Theory]
    [InlineData("http://hook.example/", "The webhook is no https address.")]
    [InlineData("https://127.0.0.1/", "The webhook was not called: its address is not on the public Internet.")]
    public async Task The_webhook_is_a_public_https_address(string url, string fault)
    {
        await using var services = NewServices("https://unused.example", allowsPrivateWebhooks: false);

        var exception = await Should.ThrowAsync<DeliveryException>(
            () => SendAsync<PhoneHook>(services, Settings($$"""{"url":"{{url}}"}""", ("secret", "a secret of the webhook")), TextMessage));

        (exception.Message, exception.IsConfigurationFault).ShouldBe((fault, true));
    }

    [Theory]
    [InlineData(400, """{"error":"no route to +14255550123"}""", "The webhook answered 400: no route to ***", true)]
    [InlineData(503, "<html>", "The webhook answered 503", false)]
    public async Task A_webhook_refuses_with_a_status_and_may_say_why(int status, string body, string text, bool isPermanent)
    {
        await using var hook = await FakeProvider.StartAsync();
        hook.Reply = _ => new ProviderReply(status, body);

        var fault = await ShouldFailAsync<PhoneHook>(hook, Settings($$"""{"url":"{{hook.Url}}"}""", ("secret", "a secret of the webhook")), TextMessage);

        (fault.Message, fault.IsPermanent).ShouldBe((text, isPermanent));
    }

    [Fact]
    public async Task Without_a_secret_the_webhook_is_not_called()
    {
        await using var hook = await FakeProvider.StartAsync();

        var fault = await ShouldFailAsync<PhoneHook>(hook, Settings($$"""{"url":"{{hook.Url}}"}"""), TextMessage);

        fault.IsConfigurationFault.ShouldBeTrue();
        hook.Requests.ShouldBeEmpty();
    }

    private static string DocumentedSignature() =>
        System.Text.RegularExpressions.Regex.Match(File.ReadAllText(Architecture.Repository.PathOf("docs/providers.md")), "v1=([0-9a-f]{64})").Groups[1].Value;

    private static SettingValue Settings(string json, params (string Name, string Value)[] secrets) =>
        new(JsonNode.Parse(json)!, secrets.ToDictionary(secret => secret.Name, secret => secret.Value));

    private static ServiceProvider NewServices(string providers, bool allowsPrivateWebhooks)
    {
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(new ManualClock());
        services.AddSingleton(MinimalOptions.For("https://mfa.example.com", allowsPrivateWebhooks, providers));
        services.AddLogging();
        services.AddPhoneProviders();
        return services.BuildServiceProvider();
    }

    private static async Task<string?> SendAsync<T>(FakeProvider gateway, SettingValue settings, PhoneMessageV1 message)
        where T : IMessageProvider
    {
        await using var services = NewServices(gateway.Url, allowsPrivateWebhooks: true);
        return await SendAsync<T>(services, settings, message);
    }

    private static async Task<string?> SendAsync<T>(ServiceProvider services, SettingValue settings, PhoneMessageV1 message)
        where T : IMessageProvider
    {
        var provider = services.GetServices<IMessageProvider>().OfType<T>().Single(known => known.Channel == message.Channel);
        await using var connection = provider.Connect(settings);
        var outgoing = new OutgoingMessage(
            "20260301000000000", message.Channel, services.GetRequiredService<TimeProvider>().GetUtcNow(), Message.Of(message).Content);
        await connection.SendAsync(outgoing, TestContext.Current.CancellationToken);
        return connection.LastMessageId;
    }

    private static Task<DeliveryException> ShouldFailAsync<T>(FakeProvider gateway, SettingValue settings, PhoneMessageV1 message)
        where T : IMessageProvider =>
        Should.ThrowAsync<DeliveryException>(() => SendAsync<T>(gateway, settings, message));
}
