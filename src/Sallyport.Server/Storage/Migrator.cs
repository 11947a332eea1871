namespace Sallyport.Server.Storage;

/// <summary>Brings the schema forward, never back. Nodes that start together migrate once.</summary>
internal sealed class Migrator(Database database, TimeProvider clock)
{
    private readonly IReadOnlyList<Migration> migrations = Migration.For(database.Engine);

    /// <exception cref="SchemaException">The database was made by other migrations than ours.</exception>
    public async Task MigrateAsync(CancellationToken cancellationToken)
    {
        await database.WriteAsync(
            async unit =>
            {
                await StartupLock.TakeAsync(unit, cancellationToken);
                await unit.ExecuteAsync(
                    new Statement("""
                        CREATE TABLE IF NOT EXISTS schema_migration (
                            version bigint NOT NULL PRIMARY KEY,
                            name text NOT NULL,
                            checksum text NOT NULL,
                            applied_at bigint NOT NULL
                        )
                        """),
                    cancellationToken);
            },
            cancellationToken);

        Compare(await AppliedAsync(cancellationToken));
        foreach (var migration in migrations)
        {
            await database.WriteAsync(unit => ApplyAsync(unit, migration, cancellationToken), cancellationToken);
        }
    }

    public async Task<bool> IsCurrentAsync(CancellationToken cancellationToken)
    {
        var applied = await AppliedAsync(cancellationToken);
        return applied.Count == migrations.Count && applied[^1].Checksum == migrations[^1].Checksum;
    }

    private ValueTask<List<(string Name, string Checksum)>> AppliedAsync(CancellationToken cancellationToken) =>
        database.QueryAsync(
            new Statement("SELECT name, checksum FROM schema_migration ORDER BY version"),
            row => (row.GetString(0), row.GetString(1)),
            cancellationToken);

    private void Compare(List<(string Name, string Checksum)> applied)
    {
        if (applied.Count > migrations.Count)
        {
            throw new SchemaException(
                $"the database has migration {applied[migrations.Count].Name}, which this version does not know; run a newer version");
        }

        for (var i = 0; i < applied.Count; i++)
        {
            if (applied[i].Checksum != migrations[i].Checksum)
            {
                throw new SchemaException(
                    $"migration {applied[i].Name} was applied with another content than {migrations[i].Name} has here");
            }
        }
    }

    private async ValueTask ApplyAsync(UnitOfWork unit, Migration migration, CancellationToken cancellationToken)
    {
        await StartupLock.TakeAsync(unit, cancellationToken);
        var done = await unit.QueryAsync(
            new Statement("SELECT name FROM schema_migration WHERE version = @version", ("version", (long)migration.Version)),
            row => row.GetString(0),
            cancellationToken);
        if (done.Count > 0)
        {
            return;
        }

        foreach (var text in migration.Statements)
        {
            unit.Enqueue(new Statement(text));
        }

        unit.Enqueue(new Statement(
            "INSERT INTO schema_migration (version, name, checksum, applied_at) VALUES (@version, @name, @checksum, @now)",
            ("version", (long)migration.Version),
            ("name", migration.Name),
            ("checksum", migration.Checksum),
            ("now", clock.GetUtcNow().ToUnixTimeMilliseconds())));
    }
}
