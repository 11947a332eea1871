using Sallyport.Server.Storage;
using Sallyport.Server.Tenants;

namespace Sallyport.Server.Tests.Hosting;

/// <summary>One database per engine, created on first use, with enough rows for the query plans of a large installation.</summary>
public abstract class FilledDatabases : IAsyncDisposable
{
    private readonly Dictionary<Engine, (TestDatabase Shared, Database Database)> made = [];

    protected static DateTimeOffset Start { get; } = new(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <returns>The query plan of the statement, one line per step.</returns>
    internal async Task<string> ExplainAsync(Engine engine, Statement statement, CancellationToken cancellationToken)
    {
        var explain = new Statement((engine == Engine.Sqlite ? "EXPLAIN QUERY PLAN " : "EXPLAIN ") + statement.Text, statement.Parameters)
        {
            IsMadeForOneRequest = true,
        };
        var database = await GetAsync(engine);
        var lines = await database.ReadWithinAsync(
            TimeSpan.FromMinutes(1),
            session => session.QueryAsync(explain, row => row.GetString(engine == Engine.Sqlite ? 3 : 0), cancellationToken),
            cancellationToken);
        return string.Join('\n', lines);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (shared, _) in made.Values)
        {
            await shared.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    private protected abstract void Fill(UnitOfWork unit);

    /// <summary>Collects the statistics that PostgreSQL plans with, as autovacuum does.</summary>
    private protected virtual async Task SettleAsync(Database database)
    {
        if (database.Engine == Engine.PostgreSql)
        {
            await database.QueryAsync(new Statement("VACUUM ANALYZE"), row => 0, CancellationToken.None);
        }
    }

    private async Task<Database> GetAsync(Engine engine)
    {
        if (made.TryGetValue(engine, out var known))
        {
            return known.Database;
        }

        var shared = await TestDatabase.CreateAsync(engine);
        var database = await shared.OpenMigratedAsync();
        made.Add(engine, (shared, database));
        await database.WriteAsync(
            unit =>
            {
                unit.Enqueue(TenantStore.InsertIfMissing(TenantId.Default, Start));
                Fill(unit);
                return ValueTask.CompletedTask;
            },
            CancellationToken.None);
        await SettleAsync(database);
        return database;
    }
}
