using System.Net;
using System.Net.Sockets;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Configuration;

/// <summary>The built server as an operator meets it: as a process.</summary>
public sealed class StartTests
{
    [Fact]
    public async Task Bad_configuration_ends_the_start_with_one_line_a_fault()
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
    public async Task What_stops_a_start_is_said_in_one_line(string key, string value, string said)
    {
        using var server = ServerProcess.Start([("urls", $"http://127.0.0.1:{Ports.Free()}"), (key, value)]);

        (await server.WaitForExitAsync()).ShouldBe(1);

        ShouldBeOneLine(server.Errors, said);
    }

    public static TheoryData<string, string> BadCertificates() => new()
    {
        { "no-such-file.pem", "" },
        { "/dev/null", "/dev/null" },
        { "", "" },
    };

    [Theory, MemberData(nameof(BadCertificates))]
    public async Task A_certificate_that_is_missing_or_none_is_said_in_one_line(string path, string keyPath)
    {
        using var server = ServerProcess.Start(
            ("urls", $"https://localhost:{Ports.Free()}"),
            ("Kestrel:Certificates:Default:Path", path),
            ("Kestrel:Certificates:Default:KeyPath", keyPath));

        (await server.WaitForExitAsync()).ShouldBe(1);

        ShouldBeOneLine(server.Errors, "Kestrel:Certificates: ");
    }

    [Fact]
    public async Task A_database_that_does_not_answer_is_said_in_one_line_without_its_password()
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
    public async Task An_address_in_use_is_said_in_one_line()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var server = ServerProcess.Start(("urls", $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}"));

        (await server.WaitForExitAsync()).ShouldBe(1);

        ShouldBeOneLine(server.Errors, "urls: ");
    }

    [Fact]
    public async Task A_first_start_works_and_SIGTERM_ends_it_in_order()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no SIGTERM.");
        var url = $"http://127.0.0.1:{Ports.Free()}";
        using var server = ServerProcess.Start(("urls", url), ("Sallyport:PublicUrl", url));
        using var http = new HttpClient { BaseAddress = new Uri(url) };
        await Eventually.GetAsync(() => StatusAsync(http, "/health/ready"), status => status == HttpStatusCode.OK);
        await Eventually.GetAsync(() => Task.FromResult(server.Output), output => output.Contains($"{url}/mfa/enrollment?ticket="));

        await server.TerminateAsync();

        (await server.WaitForExitAsync(TimeSpan.FromSeconds(10))).ShouldBe(0);
        server.Errors.ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task A_server_is_ready_as_long_as_its_database_answers(Engine engine)
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

    private static void ShouldBeOneLine(string errors, string said)
    {
        errors.TrimEnd().ShouldNotContain("\n");
        errors.ShouldStartWith(said);
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

    private static ValueTask<int> RunAsync(TestServer server, string text) =>
        server.Database.WriteAsync(unit => unit.ExecuteAsync(new Statement(text), CancellationToken.None), CancellationToken.None);
}
