using System.Net;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Clients;

public sealed class RefusedTokenLogTests
{
    /// <summary>The built server as a process, because the format of the console is part of its configuration.</summary>
    [Fact]
    public async Task A_refused_token_writes_one_line_to_the_console()
    {
        var url = $"http://127.0.0.1:{Ports.Free()}";
        using var server = ServerProcess.Start(("urls", url), ("Sallyport:PublicUrl", url));
        using var http = new HttpClient { BaseAddress = new Uri(url) };
        await Eventually.GetAsync(() => StatusAsync(http, "/health/ready", token: null), status => status == HttpStatusCode.OK);
        await Eventually.GetAsync(() => Task.FromResult(server.Output), output => output.Contains("Application started"));
        var before = server.Output;

        (await StatusAsync(http, "/api/v2/users", "a.b.c")).ShouldBe(HttpStatusCode.Unauthorized);
        (await StatusAsync(http, "/api/v2/users", "malformed")).ShouldBe(HttpStatusCode.BadRequest);
        (await StatusAsync(http, "/api/v2/clients", "a.b.c")).ShouldBe(HttpStatusCode.Unauthorized);

        var lines = await Eventually.GetAsync(() => Task.FromResult(NewLines(server, before)), lines => lines.Length >= 3);
        lines.ShouldAllBe(line => line.Contains("An access token from 127.0.0.1 was refused: "));
        lines.Length.ShouldBe(3);
    }

    private static string[] NewLines(ServerProcess server, string before) =>
        server.Output[before.Length..].Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static async Task<HttpStatusCode> StatusAsync(HttpClient http, string path, string? token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = token is null ? null : new("Bearer", token);
        try
        {
            using var response = await http.SendAsync(request, CancellationToken.None);
            return response.StatusCode;
        }
        catch (HttpRequestException)
        {
            return 0;
        }
    }
}
