using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using MimeKit;
using Sallyport.Server.Messages;
using Sallyport.Server.Messages.MailServices;
using Sallyport.Server.Settings;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Messages.MailServices;

/// <summary>What mail services get, as they publish it, and how their answers are understood.</summary>
public sealed class MailProviderTests
{
    private const string MessageId = "20260301120000000abcdef01";

    private static readonly MailV1 Welcome = new()
    {
        FromName = "Bücher & Co",
        FromAddress = "no-reply@bücher.example",
        To = "ada@example.com",
        Subject = "Ihr Code für Bücher – 験",
        Text = "Grüße\n.\nEnde",
        Html = "<p>Grüße</p>",
    };

    private static readonly SettingValue Ses = Settings(
        """{"name":"ses","credentials":{"region":"eu-west-1"},"settings":{"message":{"configuration_set_name":"set-1"}}}""",
        ("accessKeyId", "AKIDEXAMPLE"), ("secretAccessKey", "canary-secret"));

    private static readonly SettingValue Mailgun = Settings(
        """{"name":"mailgun","credentials":{"domain":"mg.example.com","region":"eu"}}""", ("api_key", "canary-key"));

    [Fact]
    public async Task SES_gets_a_signed_MIME_message()
    {
        await using var service = await FakeProvider.StartAsync();
        service.Reply = _ => new ProviderReply(200, """{"MessageId":"0102"}""");

        (await SendAsync<SesProvider>(service, Ses)).ShouldBe("0102");

        var request = service.Requests.ShouldHaveSingleItem();
        (request.Method, request.Target).ShouldBe(("POST", "/v2/email/outbound-emails"));
        request.Headers["Content-Type"].ShouldBe("application/json");
        request.Headers["X-Amz-Date"].ShouldBe("20260301T120000Z");
        request.Headers["Authorization"].ShouldMatch(
            "^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260301/eu-west-1/ses/aws4_request, SignedHeaders=accept;content-type;host;x-amz-date, Signature=[0-9a-f]{64}$");
        request.Json["Destination"]!.ToJsonString().ShouldBe("""{"ToAddresses":["ada@example.com"]}""");
        ((string)request.Json["ConfigurationSetName"]!).ShouldBe("set-1");
        ShouldBeWelcome(Convert.FromBase64String((string)request.Json["Content"]!["Raw"]!["Data"]!));
    }

    [Fact]
    public async Task SendGrid_gets_both_parts_and_does_not_rewrite_links()
    {
        await using var service = await FakeProvider.StartAsync();
        service.Reply = _ => new ProviderReply(202) { Headers = new Dictionary<string, string> { ["X-Message-Id"] = "14c5d75ce93" } };

        (await SendAsync<SendGridProvider>(service, Key("sendgrid"))).ShouldBe("14c5d75ce93");

        var request = service.Requests.ShouldHaveSingleItem();
        (request.Method, request.Target).ShouldBe(("POST", "/v3/mail/send"));
        request.Headers["Authorization"].ShouldBe("Bearer canary-key");
        request.Headers["Accept"].ShouldBe("application/json");
        ShouldEqual(request.Json, $$$"""
            {
              "personalizations": [{"to": [{"email": "ada@example.com"}]}],
              "from": {"email": "no-reply@xn--bcher-kva.example", "name": "Bücher & Co"},
              "subject": "Ihr Code für Bücher – 験",
              "content": [{"type": "text/plain", "value": "Grüße\n.\nEnde"}, {"type": "text/html", "value": "<p>Grüße</p>"}],
              "headers": {"Auto-Submitted": "auto-generated"},
              "custom_args": {"message_id": "{{{MessageId}}}"},
              "tracking_settings": {"click_tracking": {"enable": false, "enable_text": false}, "open_tracking": {"enable": false}}
            }
            """);
    }

    [Theory]
    [InlineData("eu", "MailgunEu")]
    [InlineData(null, "Mailgun")]
    public async Task Mailgun_gets_a_MIME_message_in_its_region(string? region, string address)
    {
        await using var service = await FakeProvider.StartAsync();
        service.Reply = _ => new ProviderReply(200, """{"id":"<1@mg.example.com>","message":"Queued. Thank you."}""");
        var settings = region is null ? Settings("""{"name":"mailgun","credentials":{"domain":"mg.example.com"}}""", ("api_key", "canary-key")) : Mailgun;

        (await SendAsync<MailgunProvider>(service, settings, only: address)).ShouldBe("<1@mg.example.com>");

        var request = service.Requests.ShouldHaveSingleItem();
        (request.Method, request.Target).ShouldBe(("POST", "/v3/mg.example.com/messages.mime"));
        request.Headers["Authorization"].ShouldBe("Basic " + Convert.ToBase64String("api:canary-key"u8));
        var form = (Multipart)MimeEntity.Load(
            ContentType.Parse(request.Headers["Content-Type"]), new MemoryStream(Encoding.UTF8.GetBytes(request.Body)), TestContext.Current.CancellationToken);
        form.Cast<MimePart>().Select(part => part.ContentDisposition!.Parameters["name"]).ShouldBe(["to", "o:tracking", "message"]);
        ContentOf(form[0]).ShouldBe("ada@example.com"u8.ToArray());
        ContentOf(form[1]).ShouldBe("no"u8.ToArray());
        ((MimePart)form[2]).FileName.ShouldBe("message.eml");
        ShouldBeWelcome(ContentOf(form[2]));
    }

    [Fact]
    public async Task Postmark_gets_both_parts_and_does_not_track_links()
    {
        await using var service = await FakeProvider.StartAsync();
        service.Reply = _ => new ProviderReply(200, """{"To":"ada@example.com","MessageID":"b7bc2f4a","ErrorCode":0,"Message":"OK"}""");

        (await SendAsync<PostmarkProvider>(service, Key("postmark"))).ShouldBe("b7bc2f4a");

        var request = service.Requests.ShouldHaveSingleItem();
        (request.Method, request.Target).ShouldBe(("POST", "/email"));
        request.Headers["X-Postmark-Server-Token"].ShouldBe("canary-key");
        request.Headers["Accept"].ShouldBe("application/json");
        ShouldEqual(request.Json, $$"""
            {
              "From": "\"Bücher & Co\" <no-reply@xn--bcher-kva.example>", "To": "ada@example.com", "Subject": "Ihr Code für Bücher – 験",
              "TextBody": "Grüße\n.\nEnde", "HtmlBody": "<p>Grüße</p>",
              "Headers": [{"Name": "Auto-Submitted", "Value": "auto-generated"}], "Metadata": {"message_id": "{{MessageId}}"},
              "TrackOpens": false, "TrackLinks": "None", "MessageStream": "outbound"
            }
            """);
    }

    [Fact]
    public async Task Resend_gets_the_same_key_for_every_attempt_of_a_mail()
    {
        await using var service = await FakeProvider.StartAsync();
        service.Reply = _ => new ProviderReply(200, """{"id":"49a3999c"}""");

        (await SendAsync<ResendProvider>(service, Key("resend"))).ShouldBe("49a3999c");
        await SendAsync<ResendProvider>(service, Key("resend"));
        await SendAsync<ResendProvider>(service, Key("resend"), Welcome with { Subject = "Other" });

        var keys = service.Requests.Select(request => request.Headers["Idempotency-Key"]).ToList();
        keys[0].ShouldStartWith(MessageId + "-");
        keys[1].ShouldBe(keys[0]);
        keys[2].ShouldNotBe(keys[0]);
        var request = service.Requests[0];
        (request.Method, request.Target, request.Headers["Authorization"]).ShouldBe(("POST", "/emails", "Bearer canary-key"));
        ShouldEqual(request.Json, """
            {
              "from": "\"Bücher & Co\" <no-reply@xn--bcher-kva.example>", "to": ["ada@example.com"], "subject": "Ihr Code für Bücher – 験",
              "text": "Grüße\n.\nEnde", "html": "<p>Grüße</p>", "headers": {"Auto-Submitted": "auto-generated"}
            }
            """);
    }

    private const string Permanent = "permanent";
    private const string Temporary = "temporary";
    private const string Configuration = "configuration";

    [Theory]
    [InlineData("ses", 400, "MessageRejected", """{"message":"Illegal address"}""", Permanent)]
    [InlineData("ses", 400, "MessageRejected", """{"message":"Email address is not verified."}""", Configuration)]
    [InlineData("ses", 400, "MailFromDomainNotVerifiedException:http://aws", "{}", Configuration)]
    [InlineData("ses", 400, "SendingPausedException", "{}", Configuration)]
    [InlineData("ses", 400, null, """{"__type":"AccountSuspendedException"}""", Configuration)]
    [InlineData("ses", 400, "LimitExceededException", "{}", Temporary)]
    [InlineData("ses", 403, "SignatureDoesNotMatch", """{"message":"no"}""", Configuration)]
    [InlineData("ses", 404, "NotFoundException", """{"message":"Configuration set"}""", Configuration)]
    [InlineData("ses", 429, "TooManyRequestsException", "{}", Temporary)]
    [InlineData("ses", 503, null, "<html>", Temporary)]
    [InlineData("sendgrid", 400, null, """{"errors":[{"message":"Does not contain a valid address.","field":"personalizations.0.to.0.email"}]}""", Permanent)]
    [InlineData("sendgrid", 400, null, """{"errors":[{"message":"Does not contain a valid address.","field":"from.email"}]}""", Configuration)]
    [InlineData("sendgrid", 400, null, """{"errors":[]}""", Permanent)]
    [InlineData("sendgrid", 401, null, """{"errors":[{"message":"The provided authorization grant is invalid","field":null}]}""", Configuration)]
    [InlineData("sendgrid", 403, null, """{"errors":[{"message":"The from address does not match a verified Sender Identity."}]}""", Configuration)]
    [InlineData("sendgrid", 429, null, "[]", Temporary)]
    [InlineData("sendgrid", 500, null, "", Temporary)]
    [InlineData("mailgun", 400, null, """{"message":"to parameter is not a valid address. please check documentation"}""", Permanent)]
    [InlineData("mailgun", 401, null, "Forbidden", Configuration)]
    [InlineData("mailgun", 402, null, "{}", Configuration)]
    [InlineData("mailgun", 404, null, """{"message":"Domain not found: mg.example.com"}""", Configuration)]
    [InlineData("mailgun", 502, null, "", Temporary)]
    [InlineData("postmark", 422, null, """{"ErrorCode":406,"Message":"You tried to send to a recipient that has been marked as inactive."}""", Permanent)]
    [InlineData("postmark", 422, null, """{"ErrorCode":300,"Message":"Invalid 'To' address"}""", Permanent)]
    [InlineData("postmark", 422, null, """{"ErrorCode":300,"Message":"Invalid 'From' address"}""", Configuration)]
    [InlineData("postmark", 422, null, """{"ErrorCode":400,"Message":"The 'From' address you supplied is not a Sender Signature"}""", Configuration)]
    [InlineData("postmark", 422, null, """{"ErrorCode":405,"Message":"Not allowed to send"}""", Configuration)]
    [InlineData("postmark", 401, null, """{"ErrorCode":10,"Message":"The Server Token is not valid"}""", Configuration)]
    [InlineData("postmark", 422, null, "", Permanent)]
    [InlineData("postmark", 503, null, "", Temporary)]
    [InlineData("resend", 422, null, """{"name":"validation_error","message":"Invalid `to` field."}""", Permanent)]
    [InlineData("resend", 422, null, """{"name":"invalid_from_address","message":"Invalid `from` field."}""", Configuration)]
    [InlineData("resend", 409, null, """{"name":"concurrent_idempotent_requests","message":"in progress"}""", Temporary)]
    [InlineData("resend", 403, null, """{"name":"validation_error","message":"The domain is not verified."}""", Configuration)]
    [InlineData("resend", 429, null, """{"name":"rate_limit_exceeded"}""", Temporary)]
    public async Task A_refusal_is_about_the_mail_or_the_account_or_passes(string name, int status, string? type, string body, string meaning)
    {
        await using var service = await FakeProvider.StartAsync();
        service.Reply = _ => new ProviderReply(status, body)
        {
            Headers = type is null ? [] : new Dictionary<string, string> { ["x-amzn-ErrorType"] = type },
        };

        var refusal = await Should.ThrowAsync<DeliveryException>(() => SendAsync(service, name, Welcome));

        (refusal.IsPermanent ? Permanent : refusal.IsConfigurationFault ? Configuration : Temporary).ShouldBe(meaning);
        refusal.Message.ShouldStartWith($"{(name == "mailgun" ? "Mailgun" : refusal.Message.Split(' ')[0])} answered {status}");
        refusal.Message.ShouldNotContain("canary");
        service.Requests.ShouldHaveSingleItem();
    }

    private static readonly string[] Names = ["ses", "sendgrid", "mailgun", "postmark", "resend"];

    [Fact]
    public async Task Without_credentials_nothing_is_sent()
    {
        await using var service = await FakeProvider.StartAsync();
        foreach (var name in Names)
        {
            var refusal = await Should.ThrowAsync<DeliveryException>(() => SendAsync(service, name, Welcome, withSecrets: false));

            refusal.IsConfigurationFault.ShouldBeTrue();
            refusal.Message.ShouldMatch("^The e-mail provider has no (api_key|accessKeyId); set credentials");
        }

        service.Requests.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("a@example.com, b@example.com")]
    [InlineData("a@example.com\r\nBcc: b@example.com")]
    [InlineData("a@example.com>")]
    [InlineData("a")]
    [InlineData("")]
    public async Task An_address_that_is_not_one_mailbox_is_refused_before_it_is_sent(string address)
    {
        await using var service = await FakeProvider.StartAsync();
        foreach (var name in Names)
        {
            foreach (var mail in new[] { Welcome with { To = address }, Welcome with { FromAddress = address } })
            {
                (await Should.ThrowAsync<DeliveryException>(() => SendAsync(service, name, mail))).IsPermanent.ShouldBeTrue(name);
            }
        }

        service.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_name_or_subject_cannot_become_a_header_or_another_address()
    {
        await using var service = await FakeProvider.StartAsync();
        const string Hostile = "Eve\" <eve@example.net>, \"\\x\r\nBcc: eve@example.net";
        var mail = Welcome with { FromName = Hostile, Subject = "\"},{\"x\":\"</script>\u2028\r\nBcc: eve@example.net" };
        foreach (var name in Names)
        {
            await SendAsync(service, name, mail);
        }

        service.Requests.Count.ShouldBe(Names.Length);
        var addresses = InternetAddressList.Parse((string)service.Requests[3].Json["From"]!);
        var from = addresses.ShouldHaveSingleItem().ShouldBeOfType<MailboxAddress>();
        (from.Address, from.Name).ShouldBe(("no-reply@bücher.example", "Eve\" <eve@example.net>, \"\\x Bcc: eve@example.net"));
        ((string)service.Requests[1].Json["from"]!["email"]!).ShouldBe("no-reply@xn--bcher-kva.example");
        ((string)service.Requests[1].Json["from"]!["name"]!).ShouldNotContain("\n");
        var mime = MimeMessage.Load(new MemoryStream(Convert.FromBase64String((string)service.Requests[0].Json["Content"]!["Raw"]!["Data"]!)), TestContext.Current.CancellationToken);
        mime.Headers.Select(header => header.Field).ShouldBe(
            ["Date", "Message-Id", "Subject", "From", "To", "Auto-Submitted", "MIME-Version"], ignoreOrder: true);
        mime.From.Mailboxes.ShouldHaveSingleItem();
    }

    private static void ShouldBeWelcome(byte[] mime)
    {
        var mail = Mail.Parse(Encoding.ASCII.GetString(mime));
        mail.Headers["Subject"].ShouldBe(Welcome.Subject);
        mail.Headers["From"].ShouldContain("no-reply@");
        mail.Headers["Message-Id"].ShouldStartWith($"<{MessageId}@");
        mail.Text.ShouldBe(Welcome.Text);
        mail.Html.ShouldBe(Welcome.Html);
    }

    private static byte[] ContentOf(MimeEntity part)
    {
        using var content = new MemoryStream();
        ((MimePart)part).Content!.DecodeTo(content);
        return content.ToArray();
    }

    private static Task<string?> SendAsync(FakeProvider service, string name, MailV1 mail, bool withSecrets = true)
    {
        SettingValue Of(SettingValue settings) => withSecrets ? settings : settings with { Secrets = SettingValue.NoSecrets };
        return name switch
        {
            "ses" => SendAsync<SesProvider>(service, Of(Ses), mail),
            "sendgrid" => SendAsync<SendGridProvider>(service, Of(Key(name)), mail),
            "mailgun" => SendAsync<MailgunProvider>(service, Of(Mailgun), mail),
            "postmark" => SendAsync<PostmarkProvider>(service, Of(Key(name)), mail),
            _ => SendAsync<ResendProvider>(service, Of(Key(name)), mail),
        };
    }

    /// <param name="only">The provider whose address leads to the service; null for all.</param>
    private static async Task<string?> SendAsync<T>(FakeProvider service, SettingValue settings, MailV1? mail = null, string? only = null)
        where T : IMessageProvider
    {
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(new ManualClock());
        services.AddSingleton(MinimalOptions.For("https://mfa.example.com", providers: service.Url, onlyProvider: only));
        services.AddLogging();
        services.AddMailProviders();
        await using var provider = services.BuildServiceProvider();
        await using var connection = provider.GetServices<IMessageProvider>().OfType<T>().Single().Connect(settings);
        await connection.SendAsync(
            new OutgoingMessage(MessageId, Message.Email, new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero), Message.Of(mail ?? Welcome).Content),
            TestContext.Current.CancellationToken);
        return connection.LastMessageId;
    }

    private static SettingValue Key(string name) => Settings($$$"""{"name":"{{{name}}}","credentials":{}}""", ("api_key", "canary-key"));

    private static SettingValue Settings(string json, params (string Name, string Value)[] secrets) =>
        new(JsonNode.Parse(json)!, secrets.ToDictionary(secret => secret.Name, secret => secret.Value));

    private static void ShouldEqual(JsonNode actual, string expected) =>
        JsonNode.DeepEquals(actual, JsonNode.Parse(expected)).ShouldBeTrue(actual.ToJsonString());
}
