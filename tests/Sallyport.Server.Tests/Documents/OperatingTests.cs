using System.Net;
using Npgsql;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Documents;

/// <summary>Runs the commands and configurations of <c>docs/operating.md</c>.</summary>
public sealed class OperatingTests : IDisposable
{
    private const string Document = "docs/operating.md";

    private readonly string folder = Directory.CreateTempSubdirectory("sallyport-operating").FullName;

    [Fact]
    public async Task A_SQLite_backup_of_a_running_server_can_be_restored()
    {
        DocumentedCommands.Require("sqlite3", "sqlite3");
        var (backup, restore) = Commands("### SQLite");
        await using var server = await TestServer.StartAsync(Engine.Sqlite);
        var person = await Person.CreateAsync(server);
        await person.EnrollAsync();
        Directory.CreateDirectory(At("backup"));
        await DocumentedCommands.ShouldRunAsync(backup, ("DATA", server.Options.DataDirectory), ("BACKUP", At("backup")));

        await DocumentedCommands.ShouldRunAsync(restore, ("DATA", At("restored")), ("BACKUP", At("backup")));

        await using var restored = await TestServer.StartAsync(
            Engine.Sqlite, ("Sallyport:DataDirectory", At("restored")), ("Sallyport:PublicUrl", server.Url));
        await ShouldKnowAsync(restored, person);
    }

    [Fact]
    public async Task A_PostgreSQL_database_made_by_the_documented_statements_can_be_backed_up_and_restored()
    {
        var connection = new NpgsqlConnectionStringBuilder(await PostgreSqlCluster.CreateDatabaseAsync());
        (string, string)[] administrator = [("PGHOST", connection.Host!), ("PGUSER", "postgres")];
        (connection.Database, connection.Username, connection.Password) = ("sallyport", "sallyport", "choose-a-password");
        (string, string) setting = ("ConnectionStrings:Sallyport", connection.ConnectionString);
        var statements = DocumentedCommands.Read(Document, "## PostgreSQL", "sql")[0].Trim().Split('\n');
        var (backup, restore) = Commands("### PostgreSQL");
        foreach (var statement in statements)
        {
            await PsqlAsync(statement);
        }

        var server = await TestServer.StartAsync(Engine.PostgreSql, setting);
        var person = await Person.CreateAsync(server);
        await person.EnrollAsync();
        Directory.CreateDirectory(At("backup"));
        await DocumentedCommands.ShouldRunAsync(backup, [.. administrator, ("DATA", server.Options.DataDirectory), ("BACKUP", At("backup"))]);
        await server.DisposeAsync();
        NpgsqlConnection.ClearAllPools();
        await PsqlAsync("DROP DATABASE sallyport");
        await PsqlAsync(statements[1]);

        await DocumentedCommands.ShouldRunAsync(restore, [.. administrator, ("DATA", At("restored")), ("BACKUP", At("backup"))]);

        await using var restored = await TestServer.StartAsync(
            Engine.PostgreSql, setting, ("Sallyport:DataDirectory", At("restored")), ("Sallyport:PublicUrl", server.Url));
        await ShouldKnowAsync(restored, person);

        Task<string> PsqlAsync(string statement) =>
            DocumentedCommands.ShouldRunAsync("psql -X -v ON_ERROR_STOP=1 -d postgres -c \"$STATEMENT\"", [.. administrator, ("STATEMENT", statement)]);
    }

    [Theory, Engines]
    public async Task A_backend_learns_that_an_enrollment_is_finished(Engine engine)
    {
        DocumentedCommands.Require("curl", "curl");
        await using var server = await TestServer.StartAsync(engine);
        var person = await Person.CreateAsync(server);
        var flow = await person.StartAsync();
        (string, string)[] environment = [("URL", server.Http.BaseAddress!.ToString().TrimEnd('/')), ("TOKEN", await person.Management.FetchTokenAsync())];
        var commands = DocumentedCommands.Read(Document, "## How a backend learns that an enrollment is finished")
            .Select(command => command
                .Replace("auth0%7Cdemo", Uri.EscapeDataString(person.UserId), StringComparison.Ordinal)
                .Replace("auth0|demo", person.UserId, StringComparison.Ordinal))
            .ToList();
        commands.Count.ShouldBe(2);

        foreach (var command in commands)
        {
            (await DocumentedCommands.ShouldRunAsync(command, environment)).ShouldBe("[]");
        }

        (await person.Guardian.VerifyAsync(flow, person.Guardian.CodeOf(flow))).ShouldBe(HttpStatusCode.OK);

        (await DocumentedCommands.ShouldRunAsync(commands[0], environment)).ShouldContain("\"status\":\"confirmed\"");
        (await DocumentedCommands.ShouldRunAsync(commands[1], environment)).ShouldContain("\"type\":\"gd_enrollment_complete\"");
    }

    [Fact]
    public async Task Nginx_serves_TLS_with_the_documented_configuration()
    {
        LoadBalancerProcess.Require("nginx");
        var (port, plainPort) = (Ports.Free(), Ports.Free());
        var url = $"https://localhost:{port}";
        await using var server = await TestServer.StartAsync(
            Engine.Sqlite, ("Sallyport:PublicUrl", url), ("Sallyport:TrustedProxies", "127.0.0.1"));

        await using var nginx = await LoadBalancerProcess.StartAsync("nginx", NginxConfiguration(server, port, plainPort));

        using var http = new HttpClient(TestCertificate.CreateHandler()) { BaseAddress = new Uri(url) };
        var ready = await Eventually.GetAsync(() => TryGetAsync(http, "/health/ready"), response => response?.StatusCode == HttpStatusCode.OK);
        ready!.Headers.GetValues("Strict-Transport-Security").ShouldHaveSingleItem();
        using var token = await http.PostAsync("/oauth/token", new FormUrlEncodedContent(new OAuthApi(server).Parameters()), TestContext.Current.CancellationToken);
        token.StatusCode.ShouldBe(HttpStatusCode.OK);

        using var plain = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });
        using var redirect = await plain.GetAsync($"http://localhost:{plainPort}/mfa/enrollment?ticket=x", TestContext.Current.CancellationToken);
        redirect.Headers.Location!.ToString().ShouldBe("https://localhost/mfa/enrollment?ticket=x");
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static (string Backup, string Restore) Commands(string heading)
    {
        var blocks = DocumentedCommands.Read(Document, heading);
        blocks.Count.ShouldBe(2);
        return (blocks[0], blocks[1]);
    }

    /// <summary>Checks that the authenticators and the signing keys exist and can be decrypted with the master key.</summary>
    private static async Task ShouldKnowAsync(TestServer server, Person person)
    {
        var enrollments = await new ManagementApi(server).GetAsync(person.UserPath + "/enrollments");

        ((string)enrollments.AsArray().ShouldHaveSingleItem()!["status"]!).ShouldBe("confirmed");
    }

    private static async Task<HttpResponseMessage?> TryGetAsync(HttpClient http, string path)
    {
        try
        {
            return await http.GetAsync(path);
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private string At(string name) => Path.Combine(folder, name);

    private static string NginxConfiguration(TestServer server, int port, int plainPort)
    {
        var main = DocumentedCommands.Read(Document, "### nginx", "nginx").ShouldHaveSingleItem();
        var tls = DocumentedCommands.Read(Document, "### nginx", "conf");
        tls.Count.ShouldBe(2);
        var configuration = main.Replace("    listen 80;\n", tls[0], StringComparison.Ordinal) + tls[1];
        return configuration
            .Replace("10.0.0.1:5080", server.Http.BaseAddress!.Authority, StringComparison.Ordinal)
            .Replace("10.0.0.2:5080", server.Http.BaseAddress!.Authority, StringComparison.Ordinal)
            .Replace("listen 443 ssl;", $"listen 127.0.0.1:{port} ssl;", StringComparison.Ordinal)
            .Replace("listen 80;", $"listen 127.0.0.1:{plainPort};", StringComparison.Ordinal)
            .Replace("/etc/ssl/sallyport/fullchain.pem", TestCertificate.Settings[0].Value, StringComparison.Ordinal)
            .Replace("/etc/ssl/sallyport/privkey.pem", TestCertificate.Settings[1].Value, StringComparison.Ordinal);
    }
}
