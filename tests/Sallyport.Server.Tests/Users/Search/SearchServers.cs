using System.Net;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Users.Search;

/// <summary>One server per engine with three users: Jane, John and Émile.</summary>
public sealed class SearchServers : IAsyncDisposable
{
    private static readonly DateTimeOffset Start = new(2024, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly object[] People =
    [
        new
        {
            connection = "users", user_id = "jane", email = "jane@example.com", email_verified = true, name = "Jane Smith", nickname = "jane",
            app_metadata = new { plan = "gold" }, user_metadata = new { addresses = new[] { new { city = "Paris" }, new { city = "New York" } } },
        },
        new
        {
            connection = "users", user_id = "john", email = "john@example.org", name = "John Smith", nickname = "john", phone_number = "+15551234", blocked = true,
            app_metadata = new { subscription = new { seats = 13.0 }, trial = true },
        },
        new
        {
            connection = "staff", user_id = "emile", email = "emile@example.com", name = "E\u0301mile Zola", nickname = "Émile", username = "emile",
            app_metadata = new { plan = new[] { "silver-", "gold" } }, user_metadata = new { addresses = new { city = "New York" } },
        },
    ];

    private readonly Dictionary<Engine, TestServer> running = [];

    internal async Task<TestServer> GetAsync(Engine engine)
    {
        if (!running.TryGetValue(engine, out var server))
        {
            server = await StartAsync(engine);
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

    private static async Task<TestServer> StartAsync(Engine engine)
    {
        var server = await TestServer.StartAsync(engine);
        var management = new ManagementApi(server);
        foreach (var (person, month) in People.Zip([Start, new(2024, 2, 1, 0, 0, 0, TimeSpan.Zero), new(2024, 3, 31, 0, 0, 0, TimeSpan.Zero)]))
        {
            (await management.SendAsync(HttpMethod.Post, "/users", person)).ShouldBe(HttpStatusCode.Created);
            await SetCreatedAtAsync(server, month);
        }

        return server;
    }

    /// <summary>Changes the creation time in the database. Setting the clock back that far would invalidate tokens.</summary>
    private static async Task SetCreatedAtAsync(TestServer server, DateTimeOffset createdAt) =>
        await server.Database.WriteAsync(
            unit => unit.ExecuteAsync(
                new Statement(
                    "UPDATE \"user\" SET created_at = @created_at WHERE created_at > @latest",
                    ("created_at", createdAt.ToUnixTimeMilliseconds()),
                    ("latest", new DateTimeOffset(2024, 12, 31, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds())),
                CancellationToken.None),
            CancellationToken.None);
}
