using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;
using Sallyport.Server.Tests.PublishedClients;

namespace Sallyport.Server.Tests.Realtime;

/// <summary>The unmodified npm package socket.io-client, in the versions inside guardian.js and the newest of each major version.</summary>
public sealed class SocketClientTests(Servers servers) : IClassFixture<Servers>
{
    private const int Plays = 9;

    /// <summary>Old clients turn the path of the service URL into a namespace, new ones into a path (docs/wire.md §2.2).</summary>
    [Theory]
    [InlineData(Engine.Sqlite, "", "/socket.io")]
    [InlineData(Engine.Sqlite, "/appliance-mfa", "/socket.io")]
    [InlineData(Engine.PostgreSql, "", "/appliance-mfa/socket.io/")]
    public async Task Every_version_receives_the_events_of_its_enrollment_in_order_over_every_transport(Engine engine, string ns, string path)
    {
        var server = await servers.GetAsync(engine);
        var people = await Task.WhenAll(Enumerable.Range(0, Plays).Select(_ => Enrolling.StartAsync(server)));

        var plays = await NodeClient.RunAsync("sockets", new
        {
            url = server.Url + ns,
            path,
            api = server.Url + "/api",
            people = people.Select(one => new { token = one.Flow.Token, code = one.Code }),
        });

        plays.AsArray().Count.ShouldBe(Plays);
        foreach (var (play, one) in plays.AsArray().Zip(people))
        {
            var what = play!.ToJsonString();
            play["error"].ShouldBeNull(what);
            ((int)play["status"]!).ShouldBe(200, what);
            ((string)play["transport"]!).ShouldBe((string)play["mode"]! == "polling" ? "polling" : "websocket", what);
            // Closed by the server, not refused: a refusal is an error to the client.
            play["second"].Texts().ShouldBe((string)play["mode"]! == "polling" ? [] : ["close"], what);
            play["events"].Texts().ShouldBe(["authenticated", "enrollment:confirmed", "login:complete"], what);
            var enrollment = play["payloads"]!["enrollment:confirmed"]!;
            ((string)enrollment["tx_id"]!).ShouldBe(one.TransactionId);
            ((string)enrollment["method"]!).ShouldBe("otp");
            enrollment["device_account"]!["available_authenticator_types"].Texts().ShouldBe(["otp", "recovery-code"]);
            ((string)play["payloads"]!["login:complete"]!["tx_id"]!).ShouldBe(one.TransactionId);
            await GuardianJs.ShouldBeSignedAsync(one.Person, (string)play["payloads"]!["login:complete"]!["signature"]!);
        }
    }
}
