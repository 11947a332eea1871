using Sallyport.Server.Storage;
using Sallyport.Server.Storage.PostgreSql;
using Sallyport.Server.Storage.Sqlite;

namespace Sallyport.Server.Tests.Hosting;

/// <summary>A database without a server, which can be opened several times.</summary>
internal sealed class TestDatabase : IAsyncDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("sallyport-db").FullName;
    private readonly Engine engine;
    private readonly string? connectionString;
    private readonly List<Database> opened = [];

    private TestDatabase(Engine engine, string? connectionString) => (this.engine, this.connectionString) = (engine, connectionString);

    public static async Task<TestDatabase> CreateAsync(Engine engine) =>
        new(engine, engine == Engine.PostgreSql ? await PostgreSqlCluster.CreateDatabaseAsync() : null);

    /// <summary>Opens the database once more, as another node does.</summary>
    public Database Open()
    {
        Database database = engine == Engine.PostgreSql
            ? new PostgreSqlDatabase(connectionString!)
            : new SqliteDatabase(Path.Combine(folder, "sallyport.db"));
        lock (opened)
        {
            opened.Add(database);
        }

        return database;
    }

    public async Task<Database> OpenMigratedAsync()
    {
        var database = Open();
        await new Migrator(database, new ManualClock()).MigrateAsync(CancellationToken.None);
        return database;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var database in opened)
        {
            await database.DisposeAsync();
        }

        Directory.Delete(folder, recursive: true);
    }
}
