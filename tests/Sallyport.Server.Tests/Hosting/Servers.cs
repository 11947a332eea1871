using Sallyport.Server.Storage;

namespace Sallyport.Server.Tests.Hosting;

/// <summary>One server per engine for the tests of a class, started when the first test needs it.</summary>
public sealed class Servers : IAsyncDisposable
{
    private readonly Dictionary<(Engine Engine, bool IsSecure), TestServer> running = [];

    internal Task<TestServer> GetAsync(Engine engine) => GetAsync(engine, isSecure: false);

    /// <summary>Over TLS.</summary>
    internal Task<TestServer> GetSecureAsync(Engine engine) => GetAsync(engine, isSecure: true);

    /// <summary>The same server, after its settings and its log were deleted.</summary>
    internal async Task<TestServer> GetCleanAsync(Engine engine, bool isSecure = false)
    {
        var server = await GetAsync(engine, isSecure);
        await server.Database.WriteAsync(
            unit =>
            {
                unit.Enqueue(new Statement("DELETE FROM setting"));
                unit.Enqueue(new Statement("DELETE FROM log"));
                unit.Enqueue(new Statement("UPDATE tenant SET settings = '{}'"));
                return ValueTask.CompletedTask;
            },
            CancellationToken.None);
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in running.Values)
        {
            await server.DisposeAsync();
        }
    }

    private async Task<TestServer> GetAsync(Engine engine, bool isSecure)
    {
        if (!running.TryGetValue((engine, isSecure), out var server))
        {
            server = isSecure ? await TestServer.StartSecureAsync(engine) : await TestServer.StartAsync(engine);
            running.Add((engine, isSecure), server);
        }

        return server;
    }
}
