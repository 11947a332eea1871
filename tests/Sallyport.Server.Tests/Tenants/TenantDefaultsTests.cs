using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Tenants;

/// <summary>The settings of a tenant that tools set and read back (docs/management-api.md §C.1), and the prompts (docs/management-api.md §C.7).</summary>
public sealed class TenantDefaultsTests(Servers servers) : IClassFixture<Servers>
{
    private const string Path = "/tenants/settings";

    [Theory, Engines]
    public async Task Settings_have_defaults(Engine engine)
    {
        var server = await servers.GetCleanAsync(engine);
        var management = new ManagementApi(server);

        ShouldEqual(await management.GetAsync(Path), """
            {
                "enabled_locales":["en"],"session_lifetime":168,"idle_session_lifetime":72,"sandbox_version":"22","phone_consolidated_experience":false,
                "flags":{"allow_changing_enable_sso":false,"disable_clickjack_protection_headers":false,"disable_impersonation":true,"enable_sso":true,
                    "mfa_show_factor_list_on_enrollment":false,"new_universal_login_experience_enabled":true,"revoke_refresh_token_grant":false,"universal_login":true},
                "sandbox_versions_available":["22"]
            }
            """);
    }

    [Theory, Engines]
    public async Task A_patch_merges_flags_and_pages_and_replaces_other_members(Engine engine)
    {
        var server = await servers.GetCleanAsync(engine);
        var management = new ManagementApi(server);
        await PatchAsync(management, """
            {"flags":{"enable_sso":false},"change_password":{"enabled":true,"html":"<p>"},"error_page":{"html":"<p>","url":"https://example.com/error"}}
            """);

        var patched = await PatchAsync(management, """
            {"flags":{"remove_alg_from_jwks":true},"change_password":{"enabled":false},"error_page":{"show_log_link":true}}
            """);

        ((bool)patched["flags"]!["enable_sso"]!).ShouldBeFalse();
        ((bool)patched["flags"]!["remove_alg_from_jwks"]!).ShouldBeTrue();
        patched["flags"]!.AsObject().Count.ShouldBe(9);
        ShouldEqual(patched["change_password"]!, """{"enabled":false,"html":"<p>"}""");
        ShouldEqual(patched["error_page"]!, """{"show_log_link":true}""");
        patched["sandbox_versions_available"].ShouldBeNull();
        var removed = await PatchAsync(management, """{"flags":null,"change_password":null,"error_page":null}""");
        ((bool)removed["flags"]!["enable_sso"]!).ShouldBeTrue();
        removed["change_password"].ShouldBeNull();
    }

    [Theory, Engines]
    public async Task Lifetimes_can_be_set_in_minutes_and_are_returned_in_hours(Engine engine)
    {
        var server = await servers.GetCleanAsync(engine);
        var management = new ManagementApi(server);

        var patched = await PatchAsync(management, """
            {"session_lifetime_in_minutes":15,"idle_session_lifetime_in_minutes":120,"ephemeral_session_lifetime":24,"idle_ephemeral_session_lifetime_in_minutes":90}
            """);

        ((double)patched["session_lifetime"]!).ShouldBe(0.25);
        ((double)patched["idle_session_lifetime"]!).ShouldBe(2);
        ((double)patched["ephemeral_session_lifetime"]!).ShouldBe(24);
        ((double)patched["idle_ephemeral_session_lifetime"]!).ShouldBe(1.5);
        patched.ToJsonString().ShouldNotContain("minutes");
        ((double)(await PatchAsync(management, """{"session_lifetime":1080}"""))["session_lifetime"]!).ShouldBe(1080);
    }

    /// <summary>A configuration tool compares what it reads with what it wrote, and must find no difference.</summary>
    [Theory, Engines]
    public async Task Every_setting_is_returned_as_it_was_sent(Engine engine)
    {
        var server = await servers.GetCleanAsync(engine);
        var management = new ManagementApi(server);
        const string Body = """
            {"friendly_name":"My Example Tenant","picture_url":"https://example.com/logo.png","support_email":"support@example.com","support_url":"https://support.example.com",
             "allowed_logout_urls":["https://app.com/logout","http://localhost/logout","com.example.app://done"],"session_lifetime":1080,"idle_session_lifetime":720,
             "default_redirection_uri":"https://example.com/login","default_audience":"","default_directory":"","enabled_locales":["fr","en","es-419"],
             "session_cookie":{"mode":"non-persistent"},"sessions":{"oidc_logout_prompt_enabled":false},"acr_values_supported":["foo","bar"],
             "mtls":{"enable_endpoint_aliases":true},"pushed_authorization_requests_supported":true,"oidc_logout":{"rp_logout_end_session_endpoint_discovery":true},
             "customize_mfa_in_postlogin_action":true,"phone_consolidated_experience":true,"country_codes":{"list":["US","GB"],"mode":"allow"},
             "universal_login":{"passwordless":{"allow_magiclink_verify_without_session":true}},"device_flow":{"charset":"base20","mask":"****-****"},
             "default_token_quota":{"clients":{"client_credentials":{"enforce":true,"per_day":100,"per_hour":10}}},"sandbox_version":"18",
             "resource_parameter_profile":"audience","client_id_metadata_document_supported":false}
            """;

        await PatchAsync(management, Body);

        var settings = await management.GetAsync(Path);
        foreach (var (name, value) in JsonNode.Parse(Body)!.AsObject())
        {
            JsonNode.DeepEquals(settings[name], value).ShouldBeTrue($"{name}: {settings[name]?.ToJsonString()}");
        }

        (await PatchAsync(management, """{"acr_values_supported":null,"mtls":null,"country_codes":null}""")).Names()
            .Intersect(["acr_values_supported", "mtls", "country_codes"]).ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task A_patch_of_prompts_returns_all_prompt_settings(Engine engine)
    {
        var server = await servers.GetCleanAsync(engine);
        var management = new ManagementApi(server);
        ShouldEqual(await management.GetAsync("/prompts"), """{"universal_login_experience":"new","identifier_first":false,"webauthn_platform_first_factor":false}""");

        var patched = await management.SendAsync(HttpMethod.Patch, "/prompts", Content("""{"universal_login_experience":"classic"}"""));

        const string Expected = """{"universal_login_experience":"classic","identifier_first":false,"webauthn_platform_first_factor":false}""";
        ShouldEqual(patched.ShouldBe(HttpStatusCode.OK), Expected);
        ShouldEqual(await management.GetAsync("/prompts"), Expected);
        (await management.SendAsync(HttpMethod.Patch, "/prompts", Content("""{"universal_login_experience":"old"}"""))).ShouldBeError(HttpStatusCode.BadRequest, "invalid_body");
    }

    private static async Task<JsonNode> PatchAsync(ManagementApi management, string body) =>
        (await management.SendAsync(HttpMethod.Patch, Path, Content(body))).ShouldBe(HttpStatusCode.OK);

    private static StringContent Content(string body) => new(body, Encoding.UTF8, "application/json");

    private static void ShouldEqual(JsonNode actual, string expected) =>
        JsonNode.DeepEquals(actual, JsonNode.Parse(expected)).ShouldBeTrue(actual.ToJsonString());
}
