using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Tenants;

public sealed class TenantSettingsTests(Servers servers) : IClassFixture<Servers>
{
    private const string Path = "/tenants/settings";

    [Theory, Engines]
    public async Task A_patch_replaces_values_and_null_removes_them(Engine engine)
    {
        var management = await StartAsync(engine);
        await PatchAsync(management, """{"friendly_name":"Acme","support_email":"help@example.com","enabled_locales":["en","de"]}""");

        var patched = await PatchAsync(
            management, """{"friendly_name":"Acme Ltd","support_email":null,"enabled_locales":["fr"],"picture_url":"https://example.com/logo.png"}""");

        const string Expected = """{"friendly_name":"Acme Ltd","picture_url":"https://example.com/logo.png","enabled_locales":["fr"]}""";
        VisibleSettings(patched.ShouldBe(HttpStatusCode.OK)).ShouldBe(Expected);
        VisibleSettings(await management.GetAsync(Path)).ShouldBe(Expected);
    }

    [Theory, Engines]
    public async Task A_disabled_page_keeps_its_text(Engine engine)
    {
        var management = await StartAsync(engine);
        await PatchAsync(management, """{"guardian_mfa_page":{"enabled":true,"html":"<p>{{ ticket }}</p>"}}""");

        await PatchAsync(management, """{"guardian_mfa_page":{"enabled":false}}""");

        var page = (await management.GetAsync(Path + "?fields=guardian_mfa_page"))["guardian_mfa_page"]!;
        ((bool)page["enabled"]!).ShouldBeFalse();
        ((string)page["html"]!).ShouldBe("<p>{{ ticket }}</p>");
        await PatchAsync(management, """{"guardian_mfa_page":null}""");
        (await management.GetAsync(Path)).AsObject().ContainsKey("guardian_mfa_page").ShouldBeFalse();
    }

    [Theory, Engines]
    public async Task A_property_can_be_set_to_an_empty_text(Engine engine)
    {
        var management = await StartAsync(engine);

        var answer = await PatchAsync(management, """{"picture_url":"","support_email":"","support_url":""}""");

        VisibleSettings(answer.ShouldBe(HttpStatusCode.OK)).ShouldBe("""{"picture_url":"","support_email":"","support_url":"","enabled_locales":["en"]}""");
    }

    /// <summary>Tools expect to read what they wrote, and browsers need a scheme.</summary>
    [Theory, Engines]
    public async Task Addresses_without_a_scheme_are_stored_as_sent_and_used_as_https(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var management = await StartAsync(engine);

        await PatchAsync(management, """
            {"picture_url":"www.example.com/logo.png","support_url":"help.example.com/mfa","error_page":{"url":"www.example.com/error"}}
            """);

        var settings = await management.GetAsync(Path);
        ((string)settings["picture_url"]!).ShouldBe("www.example.com/logo.png");
        ((string)settings["support_url"]!).ShouldBe("help.example.com/mfa");
        ((string)settings["error_page"]!["url"]!).ShouldBe("www.example.com/error");
        var ticket = await management.CreateTicketAsync(await management.CreateUserAsync());
        var page = (await server.GetAsync("/mfa/enrollment?ticket=" + ticket)).Text;
        page.ShouldContain("https://www.example.com/logo.png");
        page.ShouldContain("https://help.example.com/mfa");
        await PatchAsync(management, """{"error_page":null}""");
    }

    [Theory, Engines]
    public async Task Fields_can_be_included_or_excluded(Engine engine)
    {
        var management = await StartAsync(engine);
        await PatchAsync(management, """{"friendly_name":"Acme","support_url":"https://example.com/help"}""");

        (await management.GetAsync(Path + "?fields=friendly_name&include_fields=true")).ToJsonString().ShouldBe("""{"friendly_name":"Acme"}""");
        var hidden = await management.GetAsync(Path + "?fields=friendly_name,flags&include_fields=false");
        ((string)hidden["support_url"]!).ShouldBe("https://example.com/help");
        hidden.Names().ShouldNotContain("friendly_name");
        hidden.Names().ShouldNotContain("flags");
    }

    public static TheoryData<string, string> BadBodies() => new()
    {
        { "{}", "Too few properties" },
        { """{"friendly_names":"x"}""", "Additional properties not allowed: friendly_names" },
        { """{"tenant_id":"other"}""", "Additional properties not allowed: tenant_id" },
        { """{"guardian_mfa_page":{"enabled":true,"script":"x"}}""", "Additional properties not allowed: guardian_mfa_page.script" },
        { """{"guardian_mfa_page":{"enabled":"yes"}}""", "guardian_mfa_page.enabled" },
        { """{"guardian_mfa_page":[]}""", "guardian_mfa_page" },
        { """{"guardian_mfa_page":{"html":null}}""", "guardian_mfa_page.html" },
        { """{"enabled_locales":[]}""", "enabled_locales" },
        { """{"enabled_locales":"en"}""", "enabled_locales" },
        { """{"enabled_locales":[1]}""", "enabled_locales" },
        { """{"enabled_locales":["en",null]}""", "enabled_locales" },
        { """{"enabled_locales":["en","en"]}""", "not unique (indexes 0 and 1)" },
        { """{"enabled_locales":["en","tlh"]}""", "enabled_locales" },
        { """{"enabled_locales":[["en"]]}""", "enabled_locales" },
        { """{"picture_url":"logo.png"}""", "picture_url" },
        { """{"picture_url":"javascript:alert(1)"}""", "picture_url" },
        { """{"support_url":"data:text/html,x"}""", "support_url" },
        { """{"support_email":"nobody"}""", "support_email" },
        { """{"friendly_name":["Acme"]}""", "friendly_name" },
        { """{"flags":{"enable_sso":null}}""", "flags.enable_sso" },
        { """{"flags":{"make_me_admin":true}}""", "Additional properties not allowed: flags.make_me_admin" },
        { """{"sandbox_versions_available":["1"]}""", "Additional properties not allowed: sandbox_versions_available" },
        { """{"session_lifetime":1,"session_lifetime_in_minutes":60}""", "session_lifetime" },
        { """{"session_lifetime_in_minutes":0}""", "session_lifetime_in_minutes" },
        { """{"session_lifetime":"168"}""", "session_lifetime" },
        { """{"session_lifetime_in_minutes":1.5}""", "session_lifetime_in_minutes" },
        { """{"session_cookie":{}}""", "Missing required property: session_cookie.mode" },
        { """{"session_cookie":{"mode":"eternal"}}""", "session_cookie.mode" },
        { """{"country_codes":{"list":["US","US"],"mode":"allow"}}""", "country_codes.list" },
        { """{"country_codes":{"list":["us"],"mode":"allow"}}""", "country_codes.list" },
        { """{"country_codes":{"list":["US"]}}""", "Missing required property: country_codes.mode" },
        { """{"default_redirection_uri":"http://example.com"}""", "default_redirection_uri" },
        { """{"allowed_logout_urls":["JavaScript://x"]}""", "allowed_logout_urls" },
        { """{"sandbox_version":"123456789"}""", "sandbox_version" },
        { """{"phone_consolidated_experience":"yes"}""", "phone_consolidated_experience" },
    };

    [Theory, MemberData(nameof(BadBodies))]
    public async Task A_bad_body_is_refused_and_changes_nothing(string body, string named)
    {
        foreach (var engine in Enum.GetValues<Engine>())
        {
            var management = await StartAsync(engine);
            await PatchAsync(management, """{"friendly_name":"Acme"}""");

            var answer = await PatchAsync(management, body);

            answer.ShouldBeError(HttpStatusCode.BadRequest, "invalid_body");
            ((string)answer.Json!["message"]!).ShouldContain(named);
            VisibleSettings(await management.GetAsync(Path)).ShouldBe("""{"friendly_name":"Acme","enabled_locales":["en"]}""");
        }
    }

    [Theory, Engines]
    public async Task Sixteen_concurrent_patches_lose_nothing(Engine engine)
    {
        var management = await StartAsync(engine);
        string[] patches =
        [
            """{"friendly_name":"Acme"}""", """{"support_url":"https://example.com/"}""", """{"support_email":"a@example.com"}""",
            """{"guardian_mfa_page":{"html":"x"}}""",
        ];

        await Task.WhenAll(Enumerable.Range(0, 16).Select(number => PatchAsync(management, patches[number % patches.Length])));

        var settings = (await management.GetAsync(Path)).AsObject();
        foreach (var name in new[] { "friendly_name", "support_email", "support_url", "guardian_mfa_page" })
        {
            settings.ContainsKey(name).ShouldBeTrue(name);
        }
    }

    /// <summary>All tests of the class share one tenant, so each starts by removing its settings.</summary>
    private async Task<ManagementApi> StartAsync(Engine engine)
    {
        var management = new ManagementApi(await servers.GetAsync(engine));
        await PatchAsync(management, """
            {"friendly_name":null,"picture_url":null,"support_email":null,"support_url":null,"guardian_mfa_page":null,"enabled_locales":null}
            """);
        VisibleSettings(await management.GetAsync(Path)).ShouldBe("""{"enabled_locales":["en"]}""");
        return management;
    }

    /// <summary>The settings that users see. The others have defaults.</summary>
    private static string VisibleSettings(JsonNode settings)
    {
        string[] names = ["friendly_name", "picture_url", "support_email", "support_url", "enabled_locales", "guardian_mfa_page"];
        var shown = settings.DeepClone().AsObject();
        foreach (var name in shown.Select(member => member.Key).Where(name => !names.Contains(name)).ToList())
        {
            shown.Remove(name);
        }

        return shown.ToJsonString();
    }

    private static Task<Answer> PatchAsync(ManagementApi management, string body) =>
        management.SendAsync(HttpMethod.Patch, Path, new StringContent(body, Encoding.UTF8, "application/json"));
}
