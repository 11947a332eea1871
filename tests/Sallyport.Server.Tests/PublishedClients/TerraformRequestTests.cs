using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.PublishedClients;

/// <summary>
/// Requests of terraform-provider-auth0, from the recordings in its repository (<c>test/data/recordings</c>; each case names its
/// recording). With <c>null</c> the provider switches off options that do not exist here.
/// </summary>
public sealed class TerraformRequestTests(Servers servers) : IClassFixture<Servers>
{
    [Theory]
    [InlineData("TestAccClientAddons", """{"addons":null}""")]
    [InlineData("TestAccClientAddons", """{"addons":{}}""")]
    [InlineData("TestAccClientAuthenticationMethodsPrivateKeyJWT", """{"client_authentication_methods":null,"token_endpoint_auth_method":"client_secret_post"}""")]
    [InlineData("TestAccClientAuthenticationMethodsTLSClientAuth", """{"token_endpoint_auth_method":null}""")]
    [InlineData("TestAccClientAuthenticationMethodsSignedRequestObject", """{"signed_request_object":null,"client_authentication_methods":null}""")]
    [InlineData("TestAccClientCredentialsTokenVaultPrivilegedAccess", """{"token_vault_privileged_access":null}""")]
    [InlineData("TestAccClientOIDCLogout", """{"oidc_backchannel_logout":null}""")]
    [InlineData("TestAccClientAsyncApprovalNotificationChannels", """{"async_approval_notification_channels":null}""")]
    [InlineData("TestAccClientFedCMLogin", """{"fedcm_login":null}""")]
    [InlineData("TestAccClientFedCMLogin", """{"fedcm_login":{"google":{"is_enabled":false}}}""")]
    [InlineData("TestAccClientIdentityAssertionAuthorizationGrant", """{"identity_assertion_authorization_grant":null}""")]
    [InlineData("TestAccClientTokenQuota", """{"token_quota":null}""")]
    [InlineData("TestAccClientSessionTransfer", """{"session_transfer":{"delegation":null}}""")]
    [InlineData("TestAccClientWithDefaultOrganization", """{"default_organization":null,"organization_discovery_methods":null}""")]
    [InlineData("TestAccClientSkipPrompt", """{"skip_non_verifiable_callback_uri_confirmation_prompt":null,"require_proof_of_possession":false}""")]
    public Task An_unsupported_option_of_a_client_can_be_switched_off(string recording, string body) =>
        ShouldAcceptAsync("/clients", """{"name":"Terraform","app_type":"regular_web"}""", "client_id", body, recording);

    [Theory]
    [InlineData("TestAccResourceServer", """{"consent_policy":null,"authorization_details":null,"token_encryption":null,"proof_of_possession":null,"authorization_policy":null}""")]
    [InlineData("TestAccResourceServerOnlineAccess", """{"name":"Online","allow_online_access":false,"allow_online_access_with_ephemeral_sessions":false}""")]
    [InlineData("TestAccResourceServer", """{"authorization_details":[],"token_encryption":{},"proof_of_possession":{"required":false}}""")]
    [InlineData("TestAccResourceServer", """{"name":"All","signing_alg":"RS256","allow_offline_access":true,"token_lifetime":7200,"token_lifetime_for_web":3600,"skip_consent_for_verifiable_first_party_clients":true,"enforce_policies":false,"subject_type_authorization":{"user":{"policy":"allow_all"},"client":{"policy":"require_client_grant"}}}""")]
    public Task An_unsupported_option_of_an_API_can_be_switched_off(string recording, string body) =>
        ShouldAcceptAsync("/resource-servers", """{"identifier":"urn:terraform"}""", "id", body, recording);

    [Theory]
    [InlineData("TestAccConnectionCrossAppAccessResourceApp", """{"cross_app_access_resource_app":null}""")]
    [InlineData("TestAccConnectionCustomSMS", """{"options":{"messaging_service_sid":null,"configuration":null,"customScripts":{}}}""")]
    public Task An_unsupported_option_of_a_connection_can_be_switched_off(string recording, string body) =>
        ShouldAcceptAsync("/connections", """{"name":"terraform","strategy":"auth0"}""", "id", body, recording);

    [Theory]
    [InlineData("/clients", """{"name":"On"}""", "client_id", "addons", """{"aws":{"principal":"arn"}}""")]
    [InlineData("/clients", """{"name":"On"}""", "client_id", "signed_request_object", """{"required":true}""")]
    [InlineData("/clients", """{"name":"On"}""", "client_id", "require_proof_of_possession", "true")]
    [InlineData("/resource-servers", """{"identifier":"urn:on"}""", "id", "consent_policy", "\"transactional-authorization-with-mfa\"")]
    [InlineData("/resource-servers", """{"identifier":"urn:on"}""", "id", "authorization_details", """[{"type":"payment"}]""")]
    [InlineData("/resource-servers", """{"identifier":"urn:on"}""", "id", "proof_of_possession", """{"mechanism":"dpop","required":true}""")]
    [InlineData("/resource-servers", """{"identifier":"urn:on"}""", "id", "token_encryption", """{"format":"compact-nested-jwe"}""")]
    [InlineData("/connections", """{"name":"on","strategy":"auth0"}""", "id", "cross_app_access_resource_app", """{"status":"enabled"}""")]
    [InlineData("/tenants/settings", null, null, "flags", """{"brand_new_flag":true}""")]
    public async Task Switching_on_an_unsupported_option_is_refused(string path, string? create, string? id, string option, string value)
    {
        var management = new ManagementApi(await servers.GetAsync(Engine.Sqlite));
        var resource = create is null ? path : $"{path}/{await CreateAsync(management, path, create, id!)}";

        var answer = await management.SendAsync(HttpMethod.Patch, resource, Json($$"""{"{{option}}":{{value}} }"""));

        answer.ShouldBeError(HttpStatusCode.BadRequest, "invalid_body");
        ((string)answer.Json!["message"]!).ShouldContain($"Additional properties not allowed: {option}");
        ((string)answer.Json!["message"]!).ShouldContain("This option is not supported; it can only be off: null, false, [] or {}");
    }

    [Theory, Engines]
    public async Task Options_that_are_off_are_neither_stored_nor_returned(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var management = new ManagementApi(server);

        var created = (await management.SendAsync(
            HttpMethod.Post, "/clients",
            Json("""{"name":"Off","addons":{},"signed_request_object":null,"require_proof_of_possession":false,"logo_uri":null,"mobile":null}""")))
            .ShouldBe(HttpStatusCode.Created);
        var settings = (await management.SendAsync(
            HttpMethod.Patch, "/tenants/settings", Json("""{"brand_new_option":[],"flags":{"brand_new_flag":false,"enable_sso":true}}""")))
            .ShouldBe(HttpStatusCode.OK);

        created.Names().Intersect(["addons", "signed_request_object", "require_proof_of_possession", "logo_uri", "mobile"]).ShouldBeEmpty();
        settings["flags"].Names().ShouldNotContain("brand_new_flag");
        (await DatabaseDump.TakeAsync(server.Database)).ShouldAllBe(line => !line.Contains("addons") && !line.Contains("brand_new"));
    }

    /// <summary>Recording TestAccClientResourceServer.</summary>
    [Theory, Engines]
    public async Task A_client_of_an_API_and_the_API_have_the_recorded_defaults(Engine engine)
    {
        var management = new ManagementApi(await servers.GetAsync(engine));

        var api = (await management.SendAsync(HttpMethod.Post, "/resource-servers", Json("""{"name":"API","identifier":"urn:recorded"}"""))).ShouldBe(HttpStatusCode.Created);
        var client = (await management.SendAsync(
            HttpMethod.Post, "/clients", Json("""{"name":"Client","app_type":"resource_server","resource_server_identifier":"urn:recorded"}""")))
            .ShouldBe(HttpStatusCode.Created);

        ShouldContain(api, """
            {"allow_offline_access":false,"skip_consent_for_verifiable_first_party_clients":false,"token_lifetime":86400,"token_lifetime_for_web":7200,"signing_alg":"RS256",
             "subject_type_authorization":{"client":{"policy":"require_client_grant"},"user":{"policy":"allow_all"}}}
            """);
        ShouldContain(client, """
            {"is_first_party":true,"is_token_endpoint_ip_header_trusted":false,"oidc_conformant":true,"jwt_configuration":{"secret_encoded":false,"alg":"RS256"},
             "sso_disabled":false,"cross_origin_authentication":false,"grant_types":[],"custom_login_page_on":true,"resource_server_identifier":"urn:recorded",
             "refresh_token":{"rotation_type":"non-rotating","expiration_type":"non-expiring","leeway":0,"token_lifetime":2592000,"infinite_token_lifetime":true,
                "infinite_idle_token_lifetime":true,"idle_token_lifetime":1296000}}
            """);
        client["token_endpoint_auth_method"].ShouldBeNull();
    }

    private async Task ShouldAcceptAsync(string path, string create, string id, string body, string recording)
    {
        foreach (var engine in Enum.GetValues<Engine>())
        {
            var management = new ManagementApi(await servers.GetAsync(engine));
            var resource = $"{path}/{await CreateAsync(management, path, create, id)}";

            (await management.SendAsync(HttpMethod.Patch, resource, Json(body))).Status.ShouldBe(HttpStatusCode.OK, $"{recording}: {body}");

            await management.SendAsync(HttpMethod.Delete, resource);
        }
    }

    private static async Task<string> CreateAsync(ManagementApi management, string path, string body, string id)
    {
        var answer = await management.SendAsync(HttpMethod.Post, path, Json(body));
        return answer.Status == HttpStatusCode.Conflict
            ? (string)(await management.GetAsync(path + "?per_page=100")).AsArray().Single(row => body.Contains($"\"{(string?)row!["identifier"] ?? (string)row["name"]!}\""))![id]!
            : (string)answer.ShouldBe(HttpStatusCode.Created)[id]!;
    }

    private static void ShouldContain(JsonNode actual, string expected)
    {
        foreach (var (name, value) in JsonNode.Parse(expected)!.AsObject())
        {
            JsonNode.DeepEquals(actual[name], value).ShouldBeTrue($"{name}: {actual[name]?.ToJsonString()}");
        }
    }

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");
}
