using System.Net;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.HostedPages;

/// <summary>Versions of the page are stored, listed and restored.</summary>
public sealed class MfaPageVersionTests(Servers servers) : IClassFixture<Servers>
{
    private const string Base = "/guardian/mfa-page";
    private const int Kept = 20;

    [Theory, Engines]
    public async Task Every_save_creates_a_version_with_its_client_and_time(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var management = new ManagementApi(server);
        var start = await StartAsync(management);
        await SaveAsync(management, "one");
        server.Clock.Advance(TimeSpan.FromMinutes(1));
        await SaveAsync(management, "two");

        var versions = (await management.GetAsync(Base + "/versions")).AsArray();

        versions.Select(version => (long)version!["version"]!).Take(2).ShouldBe([start + 2, start + 1]);
        ((string)versions[0]!["client_id"]!).ShouldBe(TestServer.ClientId);
        ((DateTimeOffset)versions[0]!["saved_at"]!).ShouldBe(server.Clock.GetUtcNow());
        versions[0].Names().ShouldBe(["client_id", "saved_at", "version"]);
        var one = await management.GetAsync($"{Base}/versions/{start + 1}");
        ((string)one["html"]!).ShouldBe("one");
        ((DateTimeOffset)one["saved_at"]!).ShouldBe(server.Clock.GetUtcNow() - TimeSpan.FromMinutes(1));
    }

    /// <summary>Deploy tools send the same settings again and again.</summary>
    [Theory, Engines]
    public async Task A_patch_that_does_not_change_the_text_creates_no_version(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var management = new ManagementApi(server);
        var start = await StartAsync(management);
        await SaveAsync(management, "one");

        await SaveAsync(management, "one");
        await PatchAsync(management, new { guardian_mfa_page = new { enabled = false } });
        await PatchAsync(management, new { friendly_name = "Acme" });
        await RefuseAsync(management, "{% if %}");

        (await ListAsync(management))[0].ShouldBe(start + 1);
    }

    [Theory, Engines]
    public async Task Only_the_last_twenty_versions_are_kept_and_numbers_are_never_reused(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var management = new ManagementApi(server);
        var start = await StartAsync(management);
        for (var i = 1; i <= Kept + 5; i++)
        {
            await SaveAsync(management, $"page {i}");
        }

        (await ListAsync(management)).ShouldBe(Enumerable.Range(6, Kept).Reverse().Select(number => start + number));
        (await management.SendAsync(HttpMethod.Get, $"{Base}/versions/{start + 5}")).ShouldBeError(HttpStatusCode.NotFound, "inexistent_mfa_page_version");
        (await management.SendAsync(HttpMethod.Post, $"{Base}/versions/{start + 5}/restore")).ShouldBeError(HttpStatusCode.NotFound, "inexistent_mfa_page_version");
        (await management.SendAsync(HttpMethod.Post, $"{Base}/versions/{start + 6}/restore")).ShouldBe(HttpStatusCode.OK);
        (await ListAsync(management))[0].ShouldBe(start + Kept + 6);
    }

    [Theory, Engines]
    public async Task Any_version_can_be_restored_and_a_restore_can_be_undone(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var management = new ManagementApi(server);
        var start = await StartAsync(management);
        await SaveAsync(management, "one");
        await SaveAsync(management, "two");
        await SaveAsync(management, "three");

        var restored = (await management.SendAsync(HttpMethod.Post, $"{Base}/versions/{start + 1}/restore")).ShouldBe(HttpStatusCode.OK);
        ((string)restored["guardian_mfa_page"]!["html"]!).ShouldBe("one");
        ((bool)restored["guardian_mfa_page"]!["enabled"]!).ShouldBeTrue();
        (await ResetAsync(management, "last")).ShouldBe("three");
        (await ResetAsync(management, "last")).ShouldBe("one");
        var template = await ResetAsync(management, "default");

        template.ShouldBe((string)(await management.GetAsync(Base + "/default"))["html"]!);
        template.ShouldContain("Auth0MFAWidget");
        (await TextAsync(management)).ShouldBe(template);
        (await ListAsync(management))[0].ShouldBe(start + 7);
    }

    [Theory, Engines]
    public async Task A_missing_version_cannot_be_restored(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var management = new ManagementApi(server);

        (await management.GetAsync(Base + "/versions")).AsArray().ShouldBeEmpty();
        (await management.SendAsync(HttpMethod.Post, Base + "/reset", new { to = "last" })).ShouldBeError(HttpStatusCode.NotFound, "inexistent_mfa_page_version");
        await SaveAsync(management, "one");
        (await management.SendAsync(HttpMethod.Post, Base + "/reset", new { to = "last" })).ShouldBeError(HttpStatusCode.NotFound, "inexistent_mfa_page_version");
        foreach (var version in new[] { "0", "-1", "2", "1x", "99999999999999999999", "١" })
        {
            (await management.SendAsync(HttpMethod.Get, Base + "/versions/" + version)).ShouldBeError(HttpStatusCode.NotFound, "inexistent_mfa_page_version");
            (await management.SendAsync(HttpMethod.Post, Base + $"/versions/{version}/restore")).ShouldBeError(HttpStatusCode.NotFound, "inexistent_mfa_page_version");
        }

        foreach (var body in new object[] { new { }, new { to = "first" }, new { to = (string?)null }, new { to = 1 }, new { to = "last", x = 1 } })
        {
            (await management.SendAsync(HttpMethod.Post, Base + "/reset", body)).ShouldBeError(HttpStatusCode.BadRequest, "invalid_body");
        }

        (await TextAsync(management)).ShouldBe("one");
        (await ListAsync(management)).ShouldBe([1]);
    }

    [Theory, Engines]
    public async Task A_reset_to_the_last_version_says_if_only_one_text_was_ever_saved(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var management = new ManagementApi(server);
        await SaveAsync(management, "one");

        var answer = await management.SendAsync(HttpMethod.Post, Base + "/reset", new { to = "last" });

        answer.ShouldBeError(HttpStatusCode.NotFound, "inexistent_mfa_page_version");
        ((string)answer.Json!["message"]!).ShouldBe("There is no earlier text of the page: only one text was ever saved.");
        (await TextAsync(management)).ShouldBe("one");
    }

    [Theory, Engines]
    public async Task Sixteen_concurrent_saves_create_consecutive_versions(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var management = new ManagementApi(server);
        var start = await StartAsync(management);
        await SaveAsync(management, "page 0");

        await Task.WhenAll(Enumerable.Range(1, 16).Select(i => SaveAsync(management, $"page {i}")));

        var numbers = (await ListAsync(management)).Where(number => number > start).ToList();
        numbers.ShouldBe(Enumerable.Range(1, 17).Reverse().Select(number => start + number));
        var texts = new List<string>();
        foreach (var version in numbers)
        {
            texts.Add((string)(await management.GetAsync($"{Base}/versions/{version}"))["html"]!);
        }

        texts.Order(StringComparer.Ordinal).ShouldBe(Enumerable.Range(0, 17).Select(i => $"page {i}").Order(StringComparer.Ordinal));
        texts[0].ShouldBe(await TextAsync(management));
        await Task.WhenAll(Enumerable.Range(20, 16).Select(i => SaveAsync(management, $"page {i}")));
        (await ListAsync(management)).ShouldBe(Enumerable.Range(14, Kept).Reverse().Select(number => start + number));
    }

    /// <summary>Each reset undoes the previous one, because it reads the last version while it holds the lock of the settings.</summary>
    [Theory, Engines]
    public async Task Sixteen_concurrent_resets_run_one_after_the_other(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var management = new ManagementApi(server);
        var start = await StartAsync(management);
        await SaveAsync(management, "one");
        await SaveAsync(management, "two");

        var texts = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => ResetAsync(management, "last")));

        texts.Count(text => text == "one").ShouldBe(8);
        (await TextAsync(management)).ShouldBe("two");
        (await ListAsync(management))[0].ShouldBe(start + 18);
    }

    [Theory, Engines]
    public async Task Reading_and_changing_require_different_scopes(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var version = await StartAsync(new ManagementApi(server));
        var (reader, stranger) = (new ManagementApi(server, "read:tenant_settings"), new ManagementApi(server, "read:users"));

        foreach (var path in new[] { "/default", "/versions", $"/versions/{version}" })
        {
            (await reader.SendAsync(HttpMethod.Get, Base + path)).ShouldBe(HttpStatusCode.OK);
            (await stranger.SendAsync(HttpMethod.Get, Base + path)).ShouldBeError(HttpStatusCode.Forbidden, "insufficient_scope");
            (await server.GetAsync("/api/v2" + Base + path)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        }

        (await reader.SendAsync(HttpMethod.Post, $"{Base}/versions/{version}/restore")).ShouldBeError(HttpStatusCode.Forbidden, "insufficient_scope");
        (await reader.SendAsync(HttpMethod.Post, Base + "/reset", new { to = "default" })).ShouldBeError(HttpStatusCode.Forbidden, "insufficient_scope");
    }

    /// <returns>The number of the newest version, with a text that no test saves.</returns>
    private static async Task<long> StartAsync(ManagementApi management)
    {
        await SaveAsync(management, $"start {Guid.CreateVersion7():N}");
        return (await ListAsync(management))[0];
    }

    private static Task SaveAsync(ManagementApi management, string html) =>
        PatchAsync(management, new { guardian_mfa_page = new { enabled = true, html } });

    private static async Task PatchAsync(ManagementApi management, object body) =>
        (await management.SendAsync(HttpMethod.Patch, "/tenants/settings", body)).ShouldBe(HttpStatusCode.OK);

    private static async Task RefuseAsync(ManagementApi management, string html) =>
        (await management.SendAsync(HttpMethod.Patch, "/tenants/settings", new { guardian_mfa_page = new { html } }))
            .ShouldBeError(HttpStatusCode.BadRequest, "invalid_body");

    private static async Task<string> ResetAsync(ManagementApi management, string to) =>
        (string)(await management.SendAsync(HttpMethod.Post, Base + "/reset", new { to })).ShouldBe(HttpStatusCode.OK)["guardian_mfa_page"]!["html"]!;

    private static async Task<string> TextAsync(ManagementApi management) =>
        (string)(await management.GetAsync("/tenants/settings"))["guardian_mfa_page"]!["html"]!;

    private static async Task<List<long>> ListAsync(ManagementApi management) =>
        [.. (await management.GetAsync(Base + "/versions")).AsArray().Select(version => (long)version!["version"]!)];
}
