using Sallyport.Server.Storage;

namespace Sallyport.Server.Tests.Hosting;

/// <summary>One server per engine for the tests of a class, started when the first test needs it.</summary>
public sealed class Servers : IAsyncDisposable
{
    private readonly Dictionary<(Engine Engine, Address Address), Task<TestServer>> running = [];

    private enum Address
    {
        Loopback,
        Secure,
        Localhost,
    }

    internal Task<TestServer> GetAsync(Engine engine) => GetAsync(engine, Address.Loopback);

    /// <summary>Over TLS.</summary>
    internal Task<TestServer> GetSecureAsync(Engine engine) => GetAsync(engine, Address.Secure);

    /// <summary>With a domain as its address, and with the factors that need one.</summary>
    internal Task<TestServer> GetOnLocalhostAsync(Engine engine) => GetAsync(engine, Address.Localhost);

    /// <summary>The same server, after its settings and its log were deleted.</summary>
    internal async Task<TestServer> GetCleanAsync(Engine engine, bool isSecure = false)
    {
        var server = await GetAsync(engine, isSecure ? Address.Secure : Address.Loopback);
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
        foreach (var server in running.Values.Where(server => server.IsCompletedSuccessfully))
        {
            await (await server).DisposeAsync();
        }
    }

    /// <summary>A test may ask from many tasks at once.</summary>
    private Task<TestServer> GetAsync(Engine engine, Address address)
    {
        lock (running)
        {
            if (!running.TryGetValue((engine, address), out var server))
            {
                server = StartAsync(engine, address);
                running.Add((engine, address), server);
            }

            return server;
        }
    }

    private static Task<TestServer> StartAsync(Engine engine, Address address) => address switch
    {
        Address.Loopback => TestServer.StartAsync(engine),
        Address.Secure => TestServer.StartSecureAsync(engine),
        Address.Localhost => TestServer.StartOnLocalhostAsync(engine),
    };
}
