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

        (await phone.EnrollNumberAsync(flow)).ShouldBeError(HttpStatusCode.BadRequest, "invalid_phone_number");
        PhoneOutbox.ListFiles(server).ShouldBeEmpty();
        await SetAsync(phone.Person.Management, new { allowed_countries = Array.Empty<string>() });
        await phone.EnrollAsync();
        await SetAsync(phone.Person.Management, new { allowed_countries = new[] { "FR" } });
        var login = await phone.Person.StartAsync();
        (await phone.SendAsync(login)).ShouldBeError(HttpStatusCode.BadRequest, "invalid_phone_number");
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
        (await flows[2].Phone.Person.ListGuardianLogAsync()).ShouldContain("gd_send_sms_failure");
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

        return phone!;
    }

    /// <summary>As if that many nodes checked at once.</summary>
    private static async Task<List<DestinationUsage>> CheckAllAsync(TestServer server)
    {
        var watch = server.Services.GetRequiredService<PhoneWatch>();
        var halted = await Task.WhenAll(Enumerable.Range(0, Competitors).Select(_ => Task.Run(() => watch.CheckAsync(CancellationToken.None))));
        return [.. halted.SelectMany(usages => usages)];
    }
}
