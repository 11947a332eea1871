using System.Diagnostics;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Realtime;

public sealed class ShutdownTests
{
    private const int Sockets = 50;

    private static readonly TimeSpan MaxDuration = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task SIGTERM_closes_sockets_and_open_polls_and_stops_the_server_in_time()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no SIGTERM.");
        var url = new Uri($"http://127.0.0.1:{Ports.Free()}");
        using var server = ServerProcess.Start(("urls", url.OriginalString), ("Sallyport:RateLimits:Guardian", "0"));
        using var http = new HttpClient { BaseAddress = url };
        await Eventually.GetAsync(() => PollAsync(http, ""), answer => answer.StartsWith("0{", StringComparison.Ordinal));
        var sockets = new List<RawSocket>();
        for (var i = 0; i < Sockets; i++)
        {
            sockets.Add(await RawSocket.ConnectAsync(url));
        }

        var sid = (await PollAsync(http, "")).Split('"')[3];
        var poll = PollAsync(http, "&sid=" + sid);
        var watch = Stopwatch.StartNew();
        await server.TerminateAsync();

        (await server.WaitForExitAsync()).ShouldBe(0);
        watch.Elapsed.ShouldBeLessThan(MaxDuration);
        (await poll).ShouldBe("1");
        foreach (var socket in sockets)
        {
            (await socket.ReceiveAsync()).ShouldBeNull();
            socket.Dispose();
        }

        server.Errors.ShouldBeEmpty();
    }

    private static async Task<string> PollAsync(HttpClient http, string query)
    {
        try
        {
            return await http.GetStringAsync("/socket.io/?EIO=4&transport=polling" + query);
        }
        catch (HttpRequestException exception)
        {
            return exception.Message;
        }
    }
}
