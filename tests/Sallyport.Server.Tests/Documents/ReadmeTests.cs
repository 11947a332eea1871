using System.Text.RegularExpressions;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Architecture;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Documents;

/// <summary>Runs the README from the first start to a ticket.</summary>
public sealed partial class ReadmeTests
{
    private const string DocumentedUrl = "http://localhost:5080";
    private const string DemoUser = "auth0|demo";

    private static readonly IReadOnlyList<string> Commands = DocumentedCommands.Read("README.md", "## Make a ticket");

    [Fact]
    public async Task The_printed_client_makes_a_ticket_for_the_demo_user()
    {
        RequirePrograms();
        var url = $"http://127.0.0.1:{Ports.Free()}";
        using var server = ServerProcess.Start(("urls", url), ("environment", "Development"));
        await Eventually.GetAsync(() => Task.FromResult(server.Output), output => output.Contains($"Sallyport is ready at {url}"));
        var printed = Printed().Matches(server.Output).ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value);

        var output = await DocumentedCommands.ShouldRunAsync(TicketCommands(url, printed["client_id"], printed["client_secret"]));

        output.ShouldContain($"\"ticket_url\":\"{url}/mfa/enrollment?ticket=");
    }

    [Fact]
    public async Task With_a_bootstrap_client_the_commands_create_a_user_and_a_ticket()
    {
        RequirePrograms();
        await using var server = await TestServer.StartAsync(Engine.Sqlite);
        var ticket = TicketCommands(server.Url, TestServer.ClientId, TestServer.ClientSecret);

        var (exitCode, _, errors) = await DocumentedCommands.RunAsync(ticket);
        exitCode.ShouldNotBe(0);
        errors.ShouldContain("404");

        var token = ticket[..ticket.IndexOf("\n\n", StringComparison.Ordinal)];
        var user = (await DocumentedCommands.ShouldRunAsync(token + "\n" + Commands[1])).Trim();
        user.ShouldStartWith("auth0|");
        (await DocumentedCommands.ShouldRunAsync(ticket.Replace(DemoUser, user, StringComparison.Ordinal))).ShouldContain("\"ticket_url\":\"");
    }

    [Fact]
    public async Task A_wrong_secret_stops_the_commands_with_a_message()
    {
        RequirePrograms();
        await using var server = await TestServer.StartAsync(Engine.Sqlite);

        var (exitCode, output, errors) = await DocumentedCommands.RunAsync(TicketCommands(server.Url, TestServer.ClientId, "wrong"));

        exitCode.ShouldNotBe(0);
        output.ShouldBeEmpty();
        errors.ShouldContain("401");
    }

    [Fact]
    public void The_map_names_every_folder_of_the_server()
    {
        var readme = File.ReadAllText(Repository.PathOf("README.md"));
        var map = readme[readme.IndexOf("## Map", StringComparison.Ordinal)..readme.IndexOf("## Where next", StringComparison.Ordinal)];
        var server = map[map.IndexOf("src/Sallyport.Server", StringComparison.Ordinal)..map.IndexOf("tests/", StringComparison.Ordinal)];
        string[] notFeatures = ["bin", "obj", "wwwroot", "Properties", "data"];
        var folders = Directory.GetDirectories(Repository.PathOf("src/Sallyport.Server")).Select(path => Path.GetFileName(path)).Except(notFeatures);

        Folder().Matches(server).Select(match => match.Groups[1].Value).Order(StringComparer.Ordinal).ShouldBe(folders.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_link_leads_to_a_file()
    {
        var links = Link().Matches(File.ReadAllText(Repository.PathOf("README.md"))).Select(match => match.Groups[1].Value).ToList();

        links.ShouldNotBeEmpty();
        links.Where(link => !File.Exists(Repository.PathOf(link))).ShouldBeEmpty();
    }

    private static string TicketCommands(string url, string id, string secret) => Commands[0]
        .Replace(DocumentedUrl, url, StringComparison.Ordinal)
        .Replace("ID=… SECRET=…", $"ID='{id}' SECRET='{secret}'", StringComparison.Ordinal);

    private static void RequirePrograms()
    {
        DocumentedCommands.Require("curl", "curl");
        DocumentedCommands.Require("jq", "jq");
    }

    [GeneratedRegex(@"^  (client_id|client_secret) +(\S+)$", RegexOptions.Multiline)]
    private static partial Regex Printed();

    [GeneratedRegex(@" (\w+)/(?=\s)")]
    private static partial Regex Folder();

    [GeneratedRegex(@"\]\(([^)#]+)")]
    private static partial Regex Link();
}
