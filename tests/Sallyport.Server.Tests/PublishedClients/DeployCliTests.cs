using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.PublishedClients;

/// <summary>
/// <c>auth0-deploy-cli</c> 8.44.0, unmodified, over TLS: an export of one server is imported into an empty one, whose export must be
/// equal. Each side runs on another engine; because the tool is slow, other combinations are left out.
/// Secrets of providers are not returned, which is the default; the tool writes ##NAME## for them.
/// </summary>
public sealed class DeployCliTests : IDisposable
{
    /// <summary>The resource types that are exported and imported, as the tool names them.</summary>
    private static readonly string[] ResourceTypes =
    [
        "tenant", "pages", "emailProvider", "emailTemplates", "guardianFactors", "guardianFactorProviders", "guardianFactorTemplates",
        "guardianPolicies", "guardianPhoneFactorSelectedProvider", "guardianPhoneFactorMessageTypes", "clients", "databases", "connections",
        "clientGrants", "resourceServers",
    ];

    /// <summary>At least one text per resource type. A type that is missing from both exports would otherwise go unnoticed.</summary>
    private static readonly string[] ExpectedTexts =
    [
        "friendly_name: Acme", "<p>Second factor</p>", "name: guardian_multifactor", "smtp_host: mail.example.com", "<p>Enroll</p>", "subject: Come in",
        "- name: sms\n    enabled: true", "- all-applications", "provider: twilio", "- voice", "Hello {{code}}", "name: Billing", "name: people", "name: codes", "identifier: urn:bills", "- read:bills",
        "can_create_session_transfer_token: false", "- guardian-push", "policy: require_client_grant", "connected_accounts:",
    ];

    private const string Imported = "imported.yaml";

    private readonly string folder = Directory.CreateTempSubdirectory("sallyport-deploy").FullName;

    [Fact]
    public async Task An_export_can_be_imported_into_an_empty_server_without_a_difference()
    {
        await using var first = await TestServer.StartSecureAsync(Engine.PostgreSql);
        await using var second = await TestServer.StartSecureAsync(Engine.Sqlite);
        await FillAsync(new ManagementApi(first));

        await RunAsync(first, "export", "--format", "yaml", "--output_folder", Path.Combine(folder, "first"));
        await RunAsync(second, "import", "--input_file", await AddProvidersAsync(Path.Combine(folder, "first", "tenant.yaml")));
        await RunAsync(second, "export", "--format", "yaml", "--output_folder", Path.Combine(folder, "second"));

        var exported = await ReadAsync("first");
        foreach (var text in ExpectedTexts)
        {
            exported.ShouldContain(text);
        }

        (await ReadAsync("second")).ShouldBe(exported);
        var management = new ManagementApi(second);
        ((string)(await management.GetAsync("/guardian/factors/phone/providers/twilio"))["sid"]!).ShouldBe("AC1");
        ((string)(await management.GetAsync("/guardian/factors/push-notification/providers/sns"))["aws_region"]!).ShouldBe("eu-west-1");
        ((string)(await management.GetAsync("/emails/provider?fields=credentials"))["credentials"]!["smtp_user"]!).ShouldBe("ann");
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static async Task FillAsync(ManagementApi management)
    {
        await FillSettingsAsync(management);
        // Includes members that every export from the vendor has, whether or not they were set.
        var client = await CreateAsync(management, "clients", new
        {
            name = "Billing",
            app_type = "non_interactive",
            client_metadata = new { team = "red" },
            organization_usage = "deny",
            session_transfer = new
            {
                can_create_session_transfer_token = false,
                enforce_cascade_revocation = true,
                enforce_device_binding = "ip",
                allow_refresh_token = false,
                enforce_online_refresh_tokens = true,
            },
            oidc_logout = new { backchannel_logout_urls = Array.Empty<string>() },
            async_approval_notification_channels = new[] { "guardian-push" },
        });
        var clientId = (string)client["client_id"]!;
        var policies = new { client = new { policy = "require_client_grant" }, user = new { policy = "allow_all" } };
        await CreateAsync(management, "resource-servers", new { identifier = "urn:bills", name = "Bills", scopes = new[] { new { value = "read:bills", description = "Read" } }, subject_type_authorization = policies });
        await CreateAsync(management, "client-grants", new { client_id = clientId, audience = "urn:bills", scope = new[] { "read:bills" } });
        await CreateAsync(management, "connections", new { name = "people", strategy = "auth0", options = new { brute_force_protection = true, customScripts = new { } }, authentication = new { active = true }, connected_accounts = new { active = false }, enabled_clients = new[] { clientId } });
        await CreateAsync(management, "connections", new { name = "codes", strategy = "sms", enabled_clients = new[] { clientId } });
    }

    private static async Task FillSettingsAsync(ManagementApi management)
    {
        foreach (var (request, body) in new (string Request, object Body)[]
        {
            ("PATCH /tenants/settings", new { friendly_name = "Acme", session_lifetime = 72, enabled_locales = new[] { "en", "de" }, flags = new { mfa_show_factor_list_on_enrollment = true } }),
            ("PATCH /tenants/settings", new { guardian_mfa_page = new { enabled = true, html = "<p>Second factor</p>" } }),
            ("POST /emails/provider", new { name = "smtp", enabled = true, default_from_address = "from@example.com", credentials = new { smtp_host = "mail.example.com", smtp_port = 587, smtp_user = "ann", smtp_pass = "s3cr3t" } }),
            ("POST /email-templates", new { template = "enrollment_email", body = "<p>Enroll</p>", from = "from@example.com", subject = "Come in", syntax = "liquid", enabled = true }),
            ("PUT /guardian/factors/otp", new { enabled = true }),
            ("PUT /guardian/factors/sms", new { enabled = true }),
            ("PUT /guardian/policies", new[] { "all-applications" }),
            ("PUT /guardian/factors/phone/selected-provider", new { provider = "twilio" }),
            ("PUT /guardian/factors/phone/message-types", new { message_types = new[] { "sms", "voice" } }),
            ("PUT /guardian/factors/sms/templates", new { enrollment_message = "Hello {{code}}", verification_message = "{{code}}" }),
        })
        {
            var answer = await management.SendAsync(HttpMethod.Parse(request.Split(' ')[0]), request.Split(' ')[1], body);
            ((int)answer.Status).ShouldBeInRange(200, 201, request + answer.Text);
        }
    }

    private static async Task<JsonNode> CreateAsync(ManagementApi management, string path, object body) =>
        (await management.SendAsync(HttpMethod.Post, "/" + path, body)).ShouldBe(HttpStatusCode.Created);

    private static async Task RunAsync(TestServer server, params string[] arguments)
    {
        var (exitCode, output, errors) = await NodeClient.RunProgramAsync(
            "deploy",
            "node",
            [Path.Combine("node_modules", ".bin", "a0deploy"), .. arguments, "--env", "true"],
            new Dictionary<string, string>
            {
                ["AUTH0_DOMAIN"] = server.Domain,
                ["AUTH0_CLIENT_ID"] = TestServer.ClientId,
                ["AUTH0_CLIENT_SECRET"] = TestServer.ClientSecret,
                ["AUTH0_INCLUDED_ONLY"] = JsonSerializer.Serialize(ResourceTypes),
                ["AUTH0_ALLOW_DELETE"] = "false",
                ["SMTP_USER"] = "ann",
                ["SMTP_PASS"] = "s3cr3t",
            });
        exitCode.ShouldBe(0, output + errors);
        (output + errors).ShouldNotContain("missing scopes");
    }

    /// <summary>
    /// Adds providers of factors to the export. This version of the tool can import but not export them: it looks for a member
    /// <c>data</c> that its own client no longer returns.
    /// </summary>
    private static async Task<string> AddProvidersAsync(string path)
    {
        const string None = "guardianFactorProviders: []";
        const string Some = """
            guardianFactorProviders:
              - { name: sms, provider: twilio, sid: AC1, from: '+15550100', auth_token: s3cr3t }
              - { name: push-notification, provider: sns, aws_access_key_id: AK, aws_secret_access_key: s3cr3t, aws_region: eu-west-1 }
            """;
        var exported = await File.ReadAllTextAsync(path);
        exported.ShouldContain(None);
        var imported = Path.Combine(Path.GetDirectoryName(path)!, Imported);
        await File.WriteAllTextAsync(imported, exported.Replace(None, Some, StringComparison.Ordinal));
        return imported;
    }

    /// <summary>The contents of all files of an export.</summary>
    private async Task<string> ReadAsync(string export)
    {
        var root = Path.Combine(folder, export);
        var all = new System.Text.StringBuilder();
        foreach (var path in Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories).Where(path => Path.GetFileName(path) != Imported).Order(StringComparer.Ordinal))
        {
            all.AppendLine(Path.GetRelativePath(root, path)).AppendLine(await File.ReadAllTextAsync(path));
        }

        return all.ToString();
    }
}
