using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Sallyport.Server.Factors.Sms.Guard;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Factors.Sms.Guard;

/// <summary>The guard against toll fraud, through the APIs.</summary>
public sealed class PhoneGuardTests
{
    private const string Settings = "/guardian/factors/phone/guard";
    private const string Destinations = "/guardian/factors/phone/destinations";
    private const int Competitors = 16;

    [Theory, Engines]
    public async Task The_settings_have_defaults_and_name_existing_countries(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var management = new ManagementApi(server);

        (await management.GetAsync(Settings)).ToJsonString().ShouldBe(
            """{"max_messages_per_hour":5000,"max_messages_per_prefix_per_hour":500,"min_entered_percent":10,"min_codes":50}""");
        (await SetAsync(management, new { allowed_countries = new[] { "DE", "XY" } })).ShouldBeError(HttpStatusCode.BadRequest, "invalid_body");
        (await SetAsync(management, new { max_messages_per_hour = 0 })).ShouldBeError(HttpStatusCode.BadRequest, "invalid_body");
        (await SetAsync(management, new { allowed_countries = new[] { "DE" }, min_codes = 100 })).ShouldBe(HttpStatusCode.OK);
        (await management.GetAsync(Settings)).ToJsonString().ShouldBe(
            """{"max_messages_per_hour":5000,"max_messages_per_prefix_per_hour":500,"min_entered_percent":10,"min_codes":100,"allowed_countries":["DE"]}""");
    }

    [Theory, Engines]
    public async Task A_number_of_a_country_that_is_not_allowed_gets_no_message(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine, ("Sallyport:Phone:AllowedCountries", "AT,CH"));
        var phone = await PhonePerson.CreateAsync(server);
        var flow = await phone.Person.StartAsync();

        var refused = await phone.EnrollNumberAsync(flow);
        refused.ShouldBeError(HttpStatusCode.BadRequest, "invalid_phone_number");
        ((string)refused.Json!["message"]!).ShouldStartWith("No messages are sent to the country");
        PhoneOutbox.ListFiles(server).ShouldBeEmpty();
        await SetAsync(phone.Person.Management, new { allowed_countries = Array.Empty<string>() });
        await phone.EnrollAsync();
        await SetAsync(phone.Person.Management, new { allowed_countries = new[] { "fr" } });
        var login = await phone.Person.StartAsync();
        (await phone.SendAsync(login)).ShouldBeError(HttpStatusCode.BadRequest, "invalid_phone_number");
        await SetAsync(phone.Person.Management, new { allowed_countries = new[] { "fr", "de" } });
        (await phone.SendAsync(login)).ShouldBe(HttpStatusCode.OK);
    }

    [Theory, Engines]
    public async Task Messages_above_the_hourly_limit_of_the_tenant_are_refused_until_the_next_hour(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        await SetAsync(new ManagementApi(server), new { max_messages_per_hour = 2 });
        var flows = new List<(PhonePerson Phone, Flow Flow)>();
        for (var person = 0; person < 3; person++)
        {
            var phone = await PhonePerson.CreateAsync(server);
            flows.Add((phone, await phone.Person.StartAsync()));
        }

        (await flows[0].Phone.EnrollNumberAsync(flows[0].Flow)).ShouldBe(HttpStatusCode.OK);
        (await flows[1].Phone.EnrollNumberAsync(flows[1].Flow)).ShouldBe(HttpStatusCode.OK);
        (await flows[2].Phone.EnrollNumberAsync(flows[2].Flow)).ShouldBeError(HttpStatusCode.TooManyRequests, "too_many_sms_per_tenant");
        var refusal = (await LogEntry.ListAsync(server, "gd_send_sms_failure")).ShouldHaveSingleItem().Json;
        ((string)refusal["reason"]!, (string)refusal["destination"]!).ShouldBe(("ceiling", "DE-49151"));
        ((long)(await flows[0].Phone.Person.Management.GetAsync(Destinations))["sent_this_hour"]!).ShouldBe(2);

        server.Clock.Advance(TimeSpan.FromHours(1));
        var next = await flows[2].Phone.Person.StartAsync();
        (await flows[2].Phone.EnrollNumberAsync(next)).ShouldBe(HttpStatusCode.OK);
    }

    [Theory, Engines]
    public async Task Concurrent_messages_never_exceed_a_limit(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var now = server.Clock.GetUtcNow();
        var (riga, ogre) = (new PhoneDestination("LV", "LV-371221"), new PhoneDestination("LV", "LV-371222"));

        (await CompeteAsync(Limits(perHour: 100, perPrefix: 5), riga, now)).ShouldBe(5);
        (await CompeteAsync(Limits(perHour: 8, perPrefix: 100), ogre, now)).ShouldBe(3, "The prefix has five of the eight messages of the tenant.");
        (await CompeteAsync(Limits(perHour: 8, perPrefix: 100), ogre, now.AddHours(1))).ShouldBe(8);

        async Task<int> CompeteAsync(PhoneLimits limits, PhoneDestination destination, DateTimeOffset at) =>
            (await Task.WhenAll(Enumerable.Range(0, Competitors).Select(_ => Task.Run(async () => await server.Database.WriteAsync(
                unit => unit.TryApplyAsync(limits.Count(destination, at), CancellationToken.None), CancellationToken.None)))))
                .Count(isCounted => isCounted);
    }

    [Theory, Engines]
    public async Task A_destination_whose_codes_nobody_enters_is_halted_once_and_an_administrator_resumes_it(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var management = new ManagementApi(server);
        await SetAsync(management, new { min_codes = 10 });
        await SendWithoutEntryAsync(server, 9);
        var last = await SendWithoutEntryAsync(server, 1);
        (await CheckAllAsync(server)).ShouldBeEmpty("The codes can still be entered.");
        server.Clock.Advance(TimeSpan.FromMinutes(6));

        var halted = await CheckAllAsync(server);

        halted.Select(usage => usage.Destination).ShouldBe(["DE", "DE-49151"], ignoreOrder: true);
        halted.ShouldAllBe(usage => usage.Sent == 10 && usage.Entered == 0);
        var flow = await last.Person.StartAsync();
        (await last.EnrollNumberAsync(flow)).ShouldBeError(HttpStatusCode.TooManyRequests, "too_many_sms_per_tenant");
        ((string)(await LogEntry.ListAsync(server, "gd_send_sms_failure")).ShouldHaveSingleItem().Json["reason"]!).ShouldBe("halted");
        (await last.EnrollNumberAsync(flow, "+14155552671")).ShouldBe(HttpStatusCode.OK);
        var figures = (await management.GetAsync(Destinations))["destinations"]!.AsArray().ToDictionary(entry => (string)entry!["destination"]!);
        figures["DE-49151"]!["halted_at"].ShouldNotBeNull();
        ((int)figures["DE"]!["sent"]!, (int)figures["DE"]!["entered"]!).ShouldBe((10, 0));
        figures["US"]!["halted_at"].ShouldBeNull();
        var entries = (await management.GetAsync("/logs?q=type:gd_halt_phone")).AsArray();
        entries.Select(entry => (string)entry!["details"]!["destination"]!).ShouldBe(["DE", "DE-49151"], ignoreOrder: true);
        (await server.Http.GetStringAsync("/metrics", TestContext.Current.CancellationToken)).ShouldContain("sallyport_phone_halts_total{");

        foreach (var destination in new[] { "DE", "DE-49151", "DE", "XX" })
        {
            (await management.SendAsync(HttpMethod.Delete, "/guardian/factors/phone/halts/" + destination)).Status.ShouldBe(HttpStatusCode.NoContent);
        }

        server.Clock.Advance(TimeSpan.FromMinutes(1));
        (await CheckAllAsync(server)).ShouldBeEmpty("The codes of before do not count any more.");
        (await last.EnrollNumberAsync(await last.Person.StartAsync())).ShouldBe(HttpStatusCode.OK);
    }

    [Theory, Engines]
    public async Task Codes_that_the_provider_has_not_accepted_halt_no_destination(Engine engine)
    {
        await using var gateway = await FakeProvider.StartAsync();
        gateway.Reply = _ => new ProviderReply(401, """{"code":20003,"message":"Authenticate"}""");
        await using var server = await TestServer.StartAsync(engine, ("Sallyport:Providers:Twilio:BaseAddress", gateway.Url));
        var management = new ManagementApi(server);
        await SetAsync(management, new { min_codes = 10 });
        await management.SendAsync(HttpMethod.Put, "/guardian/factors/phone/providers/twilio", new { sid = "AC1", auth_token = "wrong", from = "+15005550006" });
        await management.SendAsync(HttpMethod.Put, "/guardian/factors/phone/selected-provider", new { provider = "twilio" });
        for (var person = 0; person < 10; person++)
        {
            var phone = await PhonePerson.CreateAsync(server);
            (await phone.EnrollNumberAsync(await phone.Person.StartAsync())).ShouldBe(HttpStatusCode.OK);
        }

        await gateway.WaitForAsync(10);
        server.Clock.Advance(TimeSpan.FromMinutes(6));

        (await CheckAllAsync(server)).ShouldBeEmpty();
        var figures = await management.GetAsync(Destinations);
        ((int)figures["sent_this_hour"]!).ShouldBe(10, "The ceilings count what was handed to the outbox.");
        figures["destinations"]!.AsArray().ShouldAllBe(entry => (int)entry!["sent"]! == 0 && entry["halted_at"] == null);
        var expired = await Eventually.GetAsync(() => LogEntry.ListAsync(server, "gd_send_sms_failure"), entries => entries.Count == 10);
        expired.ShouldAllBe(entry => (string)entry.Json["reason"]! == "expired" && (string)entry.Json["destination"]! == "DE-49151");
    }

    [Theory, Engines]
    public async Task Only_a_country_or_a_prefix_can_be_resumed(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var management = new ManagementApi(server);

        foreach (var name in new[] { "de", "DEU", "DE-", "DE-x", "49", "DE-12345678", "DE%0A" })
        {
            (await management.SendAsync(HttpMethod.Delete, "/guardian/factors/phone/halts/" + name)).ShouldBeError(HttpStatusCode.BadRequest, "invalid_uri");
        }
    }

    [Theory, Engines]
    public async Task A_destination_at_which_enough_people_enter_a_code_goes_on(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        await SetAsync(new ManagementApi(server), new { min_codes = 10 });
        await SendWithoutEntryAsync(server, 9);
        await (await PhonePerson.CreateAsync(server)).EnrollAsync();
        server.Clock.Advance(TimeSpan.FromMinutes(6));

        (await CheckAllAsync(server)).ShouldBeEmpty();
    }

    private static PhoneLimits Limits(int perHour, int perPrefix) => new(TenantId.Default, [])
    {
        MaxPerHour = perHour,
        MaxPerPrefixAndHour = perPrefix,
        MinEnteredPercent = 10,
        MinCodes = 50,
    };

    private static Task<Answer> SetAsync(ManagementApi management, object settings) => management.SendAsync(HttpMethod.Put, Settings, settings);

    private static async Task<PhonePerson> SendWithoutEntryAsync(TestServer server, int people)
    {
        PhonePerson? phone = null;
        for (var person = 0; person < people; person++)
        {
            phone = await PhonePerson.CreateAsync(server);
            (await phone.EnrollNumberAsync(await phone.Person.StartAsync())).ShouldBe(HttpStatusCode.OK);
        }

        await DeliveredAsync(server);
        return phone!;
    }

    /// <summary>Only codes that were delivered count.</summary>
    private static async Task DeliveredAsync(TestServer server) => await Eventually.GetAsync(
        async () => await server.Database.QueryAsync(
            new Statement("SELECT message_id FROM message WHERE delivered_at IS NULL"), row => row.GetString(0), CancellationToken.None),
        waiting => waiting.Count == 0);

    /// <summary>As if that many nodes checked at once.</summary>
    private static async Task<List<DestinationUsage>> CheckAllAsync(TestServer server)
    {
        var watch = server.Services.GetRequiredService<PhoneWatch>();
        var halted = await Task.WhenAll(Enumerable.Range(0, Competitors).Select(_ => Task.Run(() => watch.CheckAsync(CancellationToken.None))));
        return [.. halted.SelectMany(usages => usages)];
    }
}
