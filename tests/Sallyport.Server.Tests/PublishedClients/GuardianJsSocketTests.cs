using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.PublishedClients;

/// <summary>
/// Both versions of auth0-guardian-js that npm has, unmodified, over sockets: 0.2.5 with Engine.IO 3, which makes the base path a
/// namespace, and 1.4.1 with Engine.IO 4, which makes it a path and drops the port.
/// </summary>
public sealed class GuardianJsSocketTests(GuardianJsSocketTests.ServersOnPort80 servers) : IClassFixture<GuardianJsSocketTests.ServersOnPort80>
{
    public static TheoryData<Engine, string, string> Clients() => new()
    {
        { Engine.Sqlite, GuardianJs.First, "" },
        { Engine.PostgreSql, GuardianJs.First, "/appliance-mfa" },
        { Engine.Sqlite, GuardianJs.Last, "/appliance-mfa" },
        { Engine.PostgreSql, GuardianJs.Last, "" },
    };

    [Theory, MemberData(nameof(Clients))]
    public async Task An_enrollment_is_reported_by_the_socket_in_order(Engine engine, string package, string prefix)
    {
        var person = await CreatePersonAsync(engine, prefix);

        var result = await RunAsync("enroll-socket", person, package);

        result["order"].Texts().ShouldBe(["enrollment-complete", "auth-response"]);
        var enrollment = result["enrollment"]!;
        ((string)enrollment["recoveryCode"]!).ShouldMatch("^[A-Z0-9]{24}$");
        ((bool)enrollment["authRequired"]!).ShouldBeFalse();
        enrollment["methods"].Texts().ShouldBe(["otp"]);
        ((bool)result["auth"]!["accepted"]!).ShouldBeTrue();
        await GuardianJs.ShouldBeSignedAsync(person, (string)result["auth"]!["signature"]!);
        (await person.ListEnrollmentsAsync()).Count.ShouldBe(1);
    }

    [Theory, MemberData(nameof(Clients))]
    public async Task An_enrollment_in_another_tab_asks_this_one_to_log_in_and_shows_no_recovery_code(Engine engine, string package, string prefix)
    {
        var person = await CreatePersonAsync(engine, prefix);

        var result = await RunAsync("second-tab-socket", person, package);

        ((bool)result["authRequired"]!).ShouldBeTrue();
        result["recoveryCode"].ShouldBeNull();
        ((bool)result["accepted"]!).ShouldBeTrue();
    }

    [Theory, MemberData(nameof(Clients))]
    public async Task A_forged_token_is_unauthorized_and_does_not_crash_the_client(Engine engine, string package, string prefix)
    {
        var person = await CreatePersonAsync(engine, prefix);

        var result = await RunAsync("bad-token-socket", person, package);

        ((string)result["start"]!["errorCode"]!).ShouldBe("socket_unauthorized");
        ((int)result["start"]!["statusCode"]!).ShouldBe(401);
    }

    private static async Task<JsonNode> RunAsync(string scenario, Person person, string package) =>
        await NodeClient.RunAsync(scenario, new
        {
            package,
            serviceUrl = person.Server.Url + person.Prefix,
            ticket = await person.NewTicketAsync(),
            transport = "socket",
            now = person.Clock.GetUtcNow().ToUnixTimeSeconds(),
        });

    private async Task<Person> CreatePersonAsync(Engine engine, string prefix)
    {
        var server = await servers.GetAsync(engine);
        server.Clock.Run();
        return await Person.CreateAsync(server, prefix);
    }

    /// <summary>One server per engine, each on its own loopback address, because the client drops the port.</summary>
    public sealed class ServersOnPort80 : IAsyncDisposable
    {
        private readonly Dictionary<Engine, TestServer> running = [];

        internal async Task<TestServer> GetAsync(Engine engine)
        {
            if (!running.TryGetValue(engine, out var server))
            {
                var url = $"http://{FreeAddress()}";
                server = await TestServer.StartAsync(engine, ("urls", url), ("Sallyport:PublicUrl", url));
                running.Add(engine, server);
            }

            return server;
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var server in running.Values)
            {
                await server.DisposeAsync();
            }
        }

        private static IPAddress FreeAddress()
        {
            for (var attempt = 0; ; attempt++)
            {
                // 127.0.0.1 is left to other programs of this machine.
                var address = new IPAddress([127, 80, .. System.Security.Cryptography.RandomNumberGenerator.GetBytes(2)]);
                try
                {
                    using var listener = new TcpListener(address, 80);
                    listener.Start();
                    return address;
                }
                catch (SocketException exception) when (exception.SocketErrorCode == SocketError.AccessDenied)
                {
                    Missing("This user may not listen on port 80.");
                }
                catch (SocketException exception) when (exception.SocketErrorCode == SocketError.AddressAlreadyInUse && attempt < 10)
                {
                    // Try another address, unless a program listens on all of them.
                }
                catch (SocketException exception) when (exception.SocketErrorCode == SocketError.AddressAlreadyInUse)
                {
                    Missing("Another program listens on port 80 of all addresses.");
                }
            }
        }

        private static void Missing(string reason)
        {
            if (Environment.GetEnvironmentVariable("CI") == "true")
            {
                Assert.Fail(reason);
            }

            Assert.Skip(reason);
        }
    }
}
