using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sallyport.Server.Messages;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Factors.Sms.Providers;

/// <summary>The provider that a tenant has selected sends its messages, and the API can test it.</summary>
public sealed class PhoneProviderApiTests
{
    private const string Phone = "/guardian/factors/phone";
    private const string Number = "+14255550123";

    [Theory, Engines]
    public async Task The_selected_provider_sends_the_messages_of_the_outbox(Engine engine)
    {
        await using var gateway = await FakeProvider.StartAsync();
        await using var server = await TestServer.StartAsync(engine, Address("Twilio", gateway), Address("Sns", gateway));
        var management = new ManagementApi(server);
        await SetTwilioAsync(management);

        await AddAsync(server, Message.Sms);
        await AddAsync(server, Message.Voice);
        (await gateway.WaitForAsync(2)).Select(request => request.Target).ShouldBe(
            ["/2010-04-01/Accounts/AC0123/Messages.json", "/2010-04-01/Accounts/AC0123/Calls.json"], ignoreOrder: true);

        (await management.SendAsync(HttpMethod.Put, Phone + "/providers/sns", new
        {
            aws_access_key_id = "AKIDEXAMPLEEXAMPLE",
            aws_secret_access_key = "wJalrXUtnFEMI",
            aws_region = "eu-west-1",
        })).ShouldBe(HttpStatusCode.OK);
        await SelectAsync(management, "sns");
        await AddAsync(server, Message.Sms);
        (await gateway.WaitForAsync(3))[2].Field("Action").ShouldBe("Publish");
    }

    [Theory, Engines]
    public async Task Wrong_credentials_keep_the_message_until_they_are_corrected(Engine engine)
    {
        await using var gateway = await FakeProvider.StartAsync();
        gateway.Reply = _ => new ProviderReply(401, """{"code":20003,"message":"Authenticate"}""");
        await using var server = await TestServer.StartAsync(engine, Address("Twilio", gateway));
        await SetTwilioAsync(new ManagementApi(server));
        server.Clock.TimerSpeed = 100;

        await AddAsync(server, Message.Sms);
        await gateway.WaitForAsync(1);
        await Eventually.GetAsync(() => ErrorsAsync(server), errors => errors.Contains("Twilio answered 401: 20003 Authenticate"));
        gateway.Reply = _ => new ProviderReply(201, "{}");
        server.Clock.Advance(TimeSpan.FromMinutes(1));

        (await gateway.WaitForAsync(2)).Count.ShouldBe(2);
    }

    [Theory, Engines]
    public async Task A_test_message_returns_what_the_provider_says(Engine engine)
    {
        await using var gateway = await FakeProvider.StartAsync();
        await using var server = await TestServer.StartAsync(engine, Address("Twilio", gateway));
        var management = new ManagementApi(server);
        var test = new { to = Number };
        (await management.SendAsync(HttpMethod.Post, Phone + "/providers/twilio/test", test)).ShouldBe(HttpStatusCode.NotFound);
        (await management.SendAsync(HttpMethod.Post, Phone + "/providers/other/test", test)).ShouldBe(HttpStatusCode.NotFound);
        await SetTwilioAsync(management);

        gateway.Reply = _ => new ProviderReply(201, """{"sid":"SM0123"}""");
        var accepted = (await management.SendAsync(HttpMethod.Post, Phone + "/providers/twilio/test", test)).ShouldBe(HttpStatusCode.OK);
        gateway.Reply = _ => new ProviderReply(400, $$"""{"code":21211,"message":"Invalid 'To' Phone Number: {{Number}}"}""");
        var call = new { to = Number, message_type = "voice" };
        var refused = (await management.SendAsync(HttpMethod.Post, Phone + "/providers/twilio/test", call)).ShouldBe(HttpStatusCode.OK);

        accepted.ToJsonString().ShouldBe("""{"accepted":true,"message_id":"SM0123"}""");
        ((bool)refused["accepted"]!).ShouldBeFalse();
        ((string)refused["error"]!).ShouldBe("Twilio answered 400: 21211 Invalid 'To' Phone Number: ***");
        gateway.Requests[0].Field("Body").ShouldStartWith("This is a test message from ");
        gateway.Requests[1].Target.ShouldEndWith("/Calls.json");
        (await management.SendAsync(HttpMethod.Post, Phone + "/providers/twilio/test", new { to = "0425" })).ShouldBe(HttpStatusCode.BadRequest);
    }

    [Theory, Engines]
    public async Task The_secret_of_the_webhook_is_kept_for_its_address_only_and_never_returned(Engine engine)
    {
        await using var hook = await FakeProvider.StartAsync();
        await using var server = await TestServer.StartAsync(engine, ("Sallyport:Providers:AllowPrivateWebhooks", "true"));
        var management = new ManagementApi(server);
        const string Path = Phone + "/providers/phone-message-hook";

        await management.SendAsync(HttpMethod.Put, Path, new { url = hook.Url, secret = "a secret of the webhook" });
        (await management.GetAsync(Path)).ToJsonString().ShouldBe($$"""{"url":"{{hook.Url}}"}""");
        await management.SendAsync(HttpMethod.Put, Path, new { url = hook.Url });
        ((bool)(await TestAsync())["accepted"]!).ShouldBeTrue();
        await management.SendAsync(HttpMethod.Put, Path, new { url = hook.Url + "/other" });
        ((string)(await TestAsync())["error"]!).ShouldContain("has no secret");

        async Task<System.Text.Json.Nodes.JsonNode> TestAsync() =>
            (await management.SendAsync(HttpMethod.Post, Path + "/test", new { to = Number })).ShouldBe(HttpStatusCode.OK);
    }

    [Theory, Engines]
    public async Task Selecting_a_provider_without_settings_is_logged(Engine engine)
    {
        using var log = new TextLog();
        await using var server = await TestServer.StartAsync(engine, services => services.AddSingleton<ILoggerProvider>(log));
        var management = new ManagementApi(server);
        const string Start = "The phone provider twilio is selected and has no settings";

        await SelectAsync(management, "auth0");
        log.Lines.ShouldNotContain(line => line.StartsWith(Start, StringComparison.Ordinal));
        await SelectAsync(management, "twilio");
        await SetTwilioAsync(management);

        log.Lines.Count(line => line.StartsWith(Start, StringComparison.Ordinal)).ShouldBe(1);
    }

    [Theory, Engines]
    public async Task A_message_that_the_provider_refuses_is_in_the_log_with_its_reason_and_destination(Engine engine)
    {
        await using var gateway = await FakeProvider.StartAsync();
        gateway.Reply = _ => new ProviderReply(400, """{"code":21211,"message":"Invalid"}""");
        await using var server = await TestServer.StartAsync(engine, Address("Twilio", gateway));
        await SetTwilioAsync(new ManagementApi(server));
        var phone = await PhonePerson.CreateAsync(server);

        (await phone.EnrollNumberAsync(await phone.Person.StartAsync())).ShouldBe(HttpStatusCode.OK);

        var entry = (await Eventually.GetAsync(() => LogEntry.ListAsync(server, "gd_send_sms_failure"), entries => entries.Count > 0)).ShouldHaveSingleItem();
        ((string)entry.Json["reason"]!, (string)entry.Json["destination"]!).ShouldBe(("provider", "DE-49151"));
        entry.Details!.ShouldNotContain(phone.Number);
    }

    [Theory, Engines]
    public async Task The_entry_of_a_sign_in_names_the_factor_that_proved_it(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var phone = await PhonePerson.CreateAsync(server);
        await phone.EnrollAsync();
        var login = await phone.Person.StartAsync();

        (await phone.Person.Guardian.VerifyAsync(login, await phone.CodeOfAsync(() => phone.SendAsync(login)))).ShouldBe(HttpStatusCode.OK);

        foreach (var type in new[] { "gd_enrollment_complete", "gd_auth_succeed" })
        {
            ((string)(await LogEntry.ListAsync(server, type)).ShouldHaveSingleItem().Json["factor"]!).ShouldBe("sms");
        }
    }

    private static (string, string) Address(string provider, FakeProvider fake) => ($"Sallyport:Providers:{provider}:BaseAddress", fake.Url);

    private static async Task SetTwilioAsync(ManagementApi management)
    {
        var settings = new { sid = "AC0123", auth_token = "a-token", from = "+15005550006" };
        (await management.SendAsync(HttpMethod.Put, Phone + "/providers/twilio", settings)).ShouldBe(HttpStatusCode.OK);
        await SelectAsync(management, "twilio");
    }

    private static async Task SelectAsync(ManagementApi management, string provider) =>
        (await management.SendAsync(HttpMethod.Put, Phone + "/selected-provider", new { provider })).ShouldBe(HttpStatusCode.OK);

    private static ValueTask AddAsync(TestServer server, string channel) => server.Database.WriteAsync(
        unit =>
        {
            server.Services.GetRequiredService<Outbox>().Add(unit, TenantId.Default, Message.Of(new PhoneMessageV1
            {
                Channel = channel,
                To = Number,
                Text = "123456",
                Kind = PhoneMessageV1.Verification,
                Language = "en",
            }));
            return ValueTask.CompletedTask;
        },
        CancellationToken.None);

    private static async Task<List<string>> ErrorsAsync(TestServer server) => await server.Database.QueryAsync(
        new Statement("SELECT coalesce(last_error, '') FROM message"), row => row.GetString(0), CancellationToken.None);
}
