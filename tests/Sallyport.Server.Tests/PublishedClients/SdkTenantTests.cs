using System.Text.Json.Nodes;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.PublishedClients;

/// <summary>npm <c>auth0</c>: settings of the tenant and its prompts, the log, and statistics.</summary>
[Collection(SharedServers.Name)]
public sealed class SdkTenantTests(Servers servers)
{
    [Theory, Generations]
    public async Task Settings_are_read_merged_and_validated(Engine engine, int generation)
    {
        var server = await servers.GetCleanAsync(engine, isSecure: true);

        await new ManagementSdk(server, generation)
            .Then("tenant.get").Gives(settings => ((string)settings["sandbox_versions_available"]!.AsArray()[0]!).ShouldNotBeEmpty())
            .Then("tenant.update", body: new { friendly_name = "Acme", guardian_mfa_page = new { enabled = true, html = "<p>{{ ticket }}</p>" } })
                .Gives(settings => ((string)settings["friendly_name"]!).ShouldBe("Acme"))
            .Then("tenant.update", body: new { guardian_mfa_page = new { enabled = false }, flags = new { mfa_show_factor_list_on_enrollment = true } })
            .Then("tenant.get", query: new { fields = "guardian_mfa_page,flags", include_fields = true }).Gives(settings =>
            {
                ((string)settings["guardian_mfa_page"]!["html"]!).ShouldBe("<p>{{ ticket }}</p>");
                ((bool)settings["flags"]!["mfa_show_factor_list_on_enrollment"]!).ShouldBeTrue();
            })
            .Then("tenant.update", body: new { session_lifetime = 72, idle_session_lifetime = 24 })
            .Then("tenant.update", body: new { nonsense = 1 }).Refused(400, "invalid_body")
            .Then("tenant.update", body: new { enabled_locales = Array.Empty<string>() }).Refused(400, "invalid_body")
            .Then("prompts.update", body: new { identifier_first = true })
            .Then("prompts.get").Gives(prompts => ((bool)prompts["identifier_first"]!).ShouldBeTrue())
            .Then("prompts.update", body: new { nonsense = 1 }).Refused(400, "invalid_body")
            .ProveAsync();
    }

    /// <summary>Generations 5 and later send <c>search</c> instead of <c>q</c>.</summary>
    [Theory, Generations]
    public async Task The_log_is_listed_searched_and_paged_and_the_statistics_are_read(Engine engine, int generation)
    {
        const string Search = "type:gd_enrollment_complete";
        const string Grouped = "(type:gd_enrollment_complete OR type:gd_start_enroll) AND NOT date:[* TO 2020]";
        var server = await servers.GetCleanAsync(engine, isSecure: true);
        var person = await Person.CreateAsync(server);
        await person.EnrollAsync();
        // Paging by checkpoint leaves out the newest entries.
        server.Clock.Advance(TimeSpan.FromMinutes(1));

        await new ManagementSdk(server, generation)
            .Then("logs.list", query: new { per_page = 100, sort = "date:1" }, name: "log").Lists(entries => entries.Count.ShouldBeGreaterThan(2))
            .Then("logs.get", "$log.0.log_id").Gives(entry => ((string)entry["log_id"]!).Length.ShouldBe(56))
            .Then("logs.list", query: new { q = Search, search = Search, page = 0, per_page = 5, include_totals = true })
                .Lists(entries => ((string)entries.ShouldHaveSingleItem()!["user_id"]!).ShouldBe(person.UserId))
            .Then("logs.list", query: new { q = Grouped, search = Grouped, sort = "date:1", fields = "type,user_id", include_fields = true }).Lists(entries =>
            {
                entries.Select(entry => (string)entry!["type"]!).ShouldBe(["gd_start_enroll", "gd_enrollment_complete"]);
                entries.ShouldAllBe(entry => entry!.AsObject().Count == 2 && (string)entry["user_id"]! == person.UserId);
            })
            .Then("logs.list", query: new { q = "type:sapi~", search = "type:sapi~" }).Refused(400, "invalid_query_string")
            .Then("logs.list", query: new { from = "$log.0.log_id", take = 2 }).Lists(entries => ShouldFollow(entries, generation))
            .Then("logs.get", new string('9', 56)).Refused(404, "inexistent_log")
            .Then("logs.list", query: new { per_page = 101 }).Refused(400, "invalid_query_string")
            .Then("stats.activeUsers").Gives(count => count.ToString().ShouldBe("0"))
            .Then("stats.daily", query: new { }).Lists(days => days.ShouldNotBeEmpty())
            .Then("stats.daily", query: new { from = "nonsense" }).Refused(400, "invalid_query_string")
            .ProveAsync();
    }

    /// <summary>Generations 5 and later do not send <c>from</c> and <c>take</c>, so they get an ordinary page, newest first.</summary>
    private static void ShouldFollow(JsonArray entries, int generation)
    {
        var ids = entries.Select(entry => (string)entry!["log_id"]!).ToArray();
        if (generation < 5)
        {
            ids.Length.ShouldBe(2);
            ids.ShouldBe(ids.Order(StringComparer.Ordinal));
        }
        else
        {
            ids.Length.ShouldBeGreaterThan(2);
        }
    }
}
