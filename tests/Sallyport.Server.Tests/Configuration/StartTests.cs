using System.Net;
using System.Net.Sockets;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Configuration;

/// <summary>Starts the built server as a process, as an operator does.</summary>
public sealed class StartTests
{
    [Fact]
    public async Task Bad_configuration_ends_the_start_with_one_line_per_fault()
    {
        using var server = ServerProcess.Start(
            ("Sallyport:PublicUrl", "nowhere"), ("Sallyport:Storage", "Cloud"), ("Sallyport:RateLimits:Guardian", "many"));

        (await server.WaitForExitAsync()).ShouldBe(1);

        var lines = server.Errors.TrimEnd().Split('\n');
        lines.Select(line => line.Split(": ")[0])
            .ShouldBe(["Sallyport:PublicUrl", "Sallyport:Storage", "Sallyport:RateLimits:Guardian"], ignoreOrder: true);
        server.Output.ShouldBeEmpty();
    }

    public static TheoryData<string, string, string> Faults() => new()
    {
        { "urls", "nonsense", "urls: " },
        { "urls", "http://192.0.2.1:5080", "urls: " },
        { "urls", "http://127.0.0.1:99999", "urls: " },
        { "Sallyport:DataDirectory", "/dev/null", "Sallyport:DataDirectory: /dev/null " },
        { "Sallyport:DataDirectory", "/proc/none", "Sallyport:DataDirectory: /proc/none " },
    };

    [Theory, MemberData(nameof(Faults))]
    public async Task A_failed_start_is_explained_in_one_line(string key, string value, string start)
    {
        using var server = ServerProcess.Start([("urls", $"http://127.0.0.1:{Ports.Free()}"), (key, value)]);

        (await server.WaitForExitAsync()).ShouldBe(1);

        ShouldBeOneLine(server.Errors, start);
    }

    public static TheoryData<string, string> BadCertificates() => new()
    {
        { "no-such-file.pem", "" },
        { "/dev/null", "/dev/null" },
        { "", "" },
    };

    [Theory, MemberData(nameof(BadCertificates))]
    public async Task A_missing_or_invalid_certificate_is_explained_in_one_line(string path, string keyPath)
    {
        using var server = ServerProcess.Start(
            ("urls", $"https://localhost:{Ports.Free()}"),
            ("Kestrel:Certificates:Default:Path", path),
            ("Kestrel:Certificates:Default:KeyPath", keyPath));

        (await server.WaitForExitAsync()).ShouldBe(1);

        ShouldBeOneLine(server.Errors, "Kestrel:Certificates: ");
    }

    [Fact]
    public async Task An_unreachable_database_is_explained_in_one_line_without_its_password()
    {
        using var server = ServerProcess.Start(
            ("Sallyport:Storage", "PostgreSql"),
            ("ConnectionStrings:Sallyport", $"Host=127.0.0.1;Port={Ports.Free()};Database=x;Username=u;Password=my-secret-word"));

        (await server.WaitForExitAsync()).ShouldBe(1);

        var errors = server.Errors;
        ShouldBeOneLine(errors, "ConnectionStrings:Sallyport: ");
        errors.ShouldNotContain("my-secret-word");
    }

    [Fact]
    public async Task An_address_in_use_is_explained_in_one_line()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var server = ServerProcess.Start(("urls", $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}"));

        (await server.WaitForExitAsync()).ShouldBe(1);

        ShouldBeOneLine(server.Errors, "urls: ");
    }

    [Theory]
    [InlineData("--nonsense")]
    [InlineData("--Salyport:PublicUrl=https://mfa.example.com")]
    public async Task An_unknown_option_ends_the_start_with_one_line(string argument)
    {
        using var server = ServerProcess.Run([argument], [("urls", $"http://127.0.0.1:{Ports.Free()}")]);

        (await server.WaitForExitAsync()).ShouldBe(1);

        server.Errors.ShouldContain(argument.TrimStart('-').Split('=')[0]);
        server.Errors.ShouldContain("; ");
        server.Errors.ShouldNotContain("\n");
        server.Output.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_version_and_the_help_are_printed()
    {
        using var version = ServerProcess.Run(["--version"], []);
        using var help = ServerProcess.Run(["--help"], []);

        (await version.WaitForExitAsync()).ShouldBe(0);
        (await help.WaitForExitAsync()).ShouldBe(0);

        version.Output.Trim().ShouldStartWith(typeof(Program).Assembly.GetName().Version!.ToString(3));
        help.Output.ShouldContain("import <FILE>");
        help.Output.ShouldContain("--version");
        (version.Errors + help.Errors).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_first_start_in_development_prints_a_client_and_a_link_and_SIGTERM_stops_it()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no SIGTERM.");
        var url = $"http://127.0.0.1:{Ports.Free()}";
        using var server = ServerProcess.Start(("urls", url), ("Sallyport:PublicUrl", url), ("environment", "Development"));
        using var http = new HttpClient { BaseAddress = new Uri(url) };
        await Eventually.GetAsync(() => StatusAsync(http, "/health/ready"), status => status == HttpStatusCode.OK);
        await Eventually.GetAsync(() => Task.FromResult(server.Output), output => output.Contains($"{url}/mfa/enrollment?ticket="));
        server.Output.ShouldContain("client_secret");

        await server.TerminateAsync();

        (await server.WaitForExitAsync(TimeSpan.FromSeconds(10))).ShouldBe(0);
        server.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_first_start_outside_development_says_how_to_create_the_first_client_and_prints_no_secret()
    {
        var url = $"http://127.0.0.1:{Ports.Free()}";
        using var server = ServerProcess.Start(("urls", url), ("Sallyport:PublicUrl", url));
        await Eventually.GetAsync(() => Task.FromResult(server.Output), output => output.Contains("Application started"));

        server.Output.Split('\n').ShouldContain(line =>
            line.Contains("No client exists", StringComparison.Ordinal)
            && line.Contains("clients create NAME", StringComparison.Ordinal)
            && line.Contains("Sallyport:Bootstrap:ClientId", StringComparison.Ordinal)
            && line.Contains("Sallyport:Bootstrap:ClientSecret", StringComparison.Ordinal));
        server.Output.ShouldNotContain("client_secret");
        server.Output.ShouldNotContain("ticket=");
    }

    [Theory, Engines]
    public async Task Outside_development_a_first_start_creates_no_user_and_no_client(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine, ("Sallyport:Bootstrap:ClientId", ""), ("Sallyport:Bootstrap:ClientSecret", ""));

        (await CountAsync(server, "FROM \"user\"")).ShouldBe(0);
        (await CountAsync(server, "FROM client WHERE NOT is_global")).ShouldBe(0);
    }

    [Theory, Engines]
    public async Task A_server_is_ready_while_its_database_answers(Engine engine)
    {
        await using var server = await TestServer.StartAsync(engine);

        (await StatusAsync(server.Http, "/health/live")).ShouldBe(HttpStatusCode.OK);
        (await StatusAsync(server.Http, "/health/ready")).ShouldBe(HttpStatusCode.OK);
        await RunAsync(server, "UPDATE schema_migration SET checksum = 'x' WHERE version = (SELECT max(version) FROM schema_migration)");
        (await StatusAsync(server.Http, "/health/ready")).ShouldBe(HttpStatusCode.ServiceUnavailable);
        await RunAsync(server, "DROP TABLE schema_migration");
        (await StatusAsync(server.Http, "/health/ready")).ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await StatusAsync(server.Http, "/health/live")).ShouldBe(HttpStatusCode.OK);
    }

    private static void ShouldBeOneLine(string errors, string start)
    {
        errors.TrimEnd().ShouldNotContain("\n");
        errors.ShouldStartWith(start);
        errors.ShouldContain("; ");
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient http, string path)
    {
        try
        {
            using var response = await http.GetAsync(path, CancellationToken.None);
            return response.StatusCode;
        }
        catch (HttpRequestException)
        {
            return 0;
        }
    }

    private static async Task<long> CountAsync(TestServer server, string from) =>
        (await server.Database.QueryAsync(new Statement($"SELECT count(*) {from}"), row => row.GetInt64(0), CancellationToken.None))[0];

    private static ValueTask<int> RunAsync(TestServer server, string text) =>
        server.Database.WriteAsync(unit => unit.ExecuteAsync(new Statement(text), CancellationToken.None), CancellationToken.None);
}
