using System.Net;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.PublishedClients;

/// <summary>
/// <c>auth0-deploy-cli</c> 8.44.0, unmodified, over TLS: what is exported from one server and imported into an empty one is
/// exported from there as the same. One engine for each side: the tool takes its time, and it is the wire that is looked at.
/// </summary>
public sealed class DeployCliTests : IDisposable
{
    /// <summary>The families that survive the journey, as the tool names them.</summary>
    private static readonly string[] Families = ["clients", "databases", "connections", "clientGrants", "resourceServers"];

    private readonly string folder = Directory.CreateTempSubdirectory("sallyport-deploy").FullName;

    [Fact]
    public async Task What_is_imported_is_what_was_exported()
    {
        await using var first = await TestServer.StartSecureAsync(Engine.PostgreSql);
        await using var second = await TestServer.StartSecureAsync(Engine.Sqlite);
        await FillAsync(new ManagementApi(first));

        await RunAsync(first, "export", "--format", "yaml", "--output_folder", Path.Combine(folder, "first"));
        await RunAsync(second, "import", "--input_file", Path.Combine(folder, "first", "tenant.yaml"));
        await RunAsync(second, "export", "--format", "yaml", "--output_folder", Path.Combine(folder, "second"));

        var exported = await ReadAsync("first");
        exported.ShouldContain("name: Billing");
        exported.ShouldContain("identifier: urn:bills");
        exported.ShouldContain("name: codes");
        (await ReadAsync("second")).ShouldBe(exported);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static async Task FillAsync(ManagementApi management)
    {
        var client = await CreateAsync(management, "clients", new { name = "Billing", app_type = "non_interactive", client_metadata = new { team = "red" } });
        var clientId = (string)client["client_id"]!;
        await CreateAsync(management, "resource-servers", new { identifier = "urn:bills", name = "Bills", scopes = new[] { new { value = "read:bills", description = "Read" } } });
        await CreateAsync(management, "client-grants", new { client_id = clientId, audience = "urn:bills", scope = new[] { "read:bills" } });
        await CreateAsync(management, "connections", new { name = "people", strategy = "auth0", options = new { brute_force_protection = true }, enabled_clients = new[] { clientId } });
        await CreateAsync(management, "connections", new { name = "codes", strategy = "sms", enabled_clients = new[] { clientId } });
    }

    private static async Task<System.Text.Json.Nodes.JsonNode> CreateAsync(ManagementApi management, string path, object body) =>
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
                ["AUTH0_INCLUDED_ONLY"] = System.Text.Json.JsonSerializer.Serialize(Families),
                ["AUTH0_ALLOW_DELETE"] = "false",
            });
        exitCode.ShouldBe(0, output + errors);
    }

    private Task<string> ReadAsync(string export) => File.ReadAllTextAsync(Path.Combine(folder, export, "tenant.yaml"), CancellationToken.None);
}
