using System.Diagnostics;
using Sallyport.Server.Storage;
using Sallyport.Server.Storage.PostgreSql;
using Sallyport.Server.Storage.Sqlite;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Durability;

/// <summary>The data of a server, which outlives its processes.</summary>
internal sealed class Installation : IAsyncDisposable
{
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(60);

    private readonly Engine engine;
    private readonly string? connectionString;

    private Installation(Engine engine, string? connectionString)
    {
        (this.engine, this.connectionString) = (engine, connectionString);
        Url = $"http://127.0.0.1:{Ports.Free()}";
    }

    public string Url { get; }

    public string Folder { get; } = Directory.CreateTempSubdirectory("sallyport-durable").FullName;

    private (string, string)[] Settings =>
    [
        ("urls", Url),
        ("Sallyport:PublicUrl", Url),
        ("Sallyport:DataDirectory", Folder),
        ("Sallyport:Storage", engine.ToString()),
        ("ConnectionStrings:Sallyport", connectionString ?? ""),
        ("Sallyport:Bootstrap:ClientId", TestServer.ClientId),
        ("Sallyport:Bootstrap:ClientSecret", TestServer.ClientSecret),
        ("Sallyport:RateLimits:Management", "0"),
        ("Sallyport:RateLimits:AuthenticationMethods", "0"),
        ("Sallyport:RateLimits:Guardian", "0"),
    ];

    public static async Task<Installation> CreateAsync(Engine engine) =>
        new(engine, engine == Engine.PostgreSql ? await PostgreSqlCluster.CreateDatabaseAsync() : null);

    /// <returns>A server that is ready for requests.</returns>
    public async Task<ServerProcess> StartAsync()
    {
        var server = ServerProcess.Start(Settings);
        using var http = new HttpClient { BaseAddress = new Uri(Url) };
        var watch = Stopwatch.StartNew();
        while (!await IsReadyAsync(http))
        {
            watch.Elapsed.ShouldBeLessThan(StartDeadline, "The server did not become ready.");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }

        return server;
    }

    /// <summary>Runs a command of the server program with the same settings.</summary>
    public ServerProcess Run(params string[] command) => ServerProcess.Run(command, Settings);

    /// <summary>Opens the database beside the server, as an administrator does.</summary>
    public Database OpenDatabase() =>
        engine == Engine.PostgreSql ? new PostgreSqlDatabase(connectionString!) : new SqliteDatabase(Path.Combine(Folder, "sallyport.db"));

    /// <summary>Runs the engine's own check of its files and indexes.</summary>
    public async Task ShouldBeSoundAsync()
    {
        if (engine == Engine.PostgreSql)
        {
            (await PostgreSqlCluster.CheckAsync(connectionString!)).ShouldBeEmpty();
            return;
        }

        await using var database = OpenDatabase();
        (await TextsAsync(database, "PRAGMA integrity_check")).ShouldBe(["ok"]);
        (await TextsAsync(database, "PRAGMA foreign_key_check")).ShouldBeEmpty();
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(Folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    private static async Task<List<string>> TextsAsync(Database database, string sql) =>
        await database.QueryAsync(new Statement(sql), row => row.GetString(0), CancellationToken.None);

    private static async Task<bool> IsReadyAsync(HttpClient http)
    {
        try
        {
            using var response = await http.GetAsync("/health/ready");
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
