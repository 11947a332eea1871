using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace Sallyport.Server.Storage;

/// <summary>Applies the migrations that are missing. There is no way back to an older schema. Nodes that start together migrate once.</summary>
internal sealed class Migrator(Database database, TimeProvider clock, IReadOnlyList<Migration> migrations)
{
    public Migrator(Database database, TimeProvider clock)
        : this(database, clock, Migration.For(database.Engine))
    {
    }

    /// <exception cref="SchemaException">Other migrations than these were applied to the database.</exception>
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

        Compare(await ListAppliedAsync(cancellationToken));
        foreach (var migration in migrations)
        {
            await database.WriteAsync(unit => ApplyAsync(unit, migration, cancellationToken), cancellationToken);
        }
    }

    /// <summary>The number of the last migration that this version knows.</summary>
    public int LatestVersion => migrations[^1].Version;

    /// <returns>The number of the last migration that was applied.</returns>
    public async Task<int> FindVersionAsync(CancellationToken cancellationToken) => (int)(await database.QueryAsync(
        new Statement("SELECT max(version) FROM schema_migration"), row => row.IsDBNull(0) ? 0 : row.GetInt64(0), cancellationToken))[0];

    /// <summary>
    /// All migrations of this version were applied. The database may have newer ones: while nodes are replaced one after the other, the old ones
    /// serve requests on the schema of the new ones (UPGRADING.md).
    /// </summary>
    public async Task<bool> CanServeAsync(CancellationToken cancellationToken)
    {
        var applied = await ListAppliedAsync(cancellationToken);
        return applied.Count >= migrations.Count
            && Enumerable.Range(0, migrations.Count).All(i => applied[i].Checksum == migrations[i].Checksum);
    }

    public async Task<bool> IsCurrentAsync(CancellationToken cancellationToken)
    {
        var applied = await ListAppliedAsync(cancellationToken);
        return applied.Count == migrations.Count && applied[^1].Checksum == migrations[^1].Checksum;
    }

    private ValueTask<List<(string Name, string Checksum)>> ListAppliedAsync(CancellationToken cancellationToken) =>
        database.QueryAsync(
            new Statement("SELECT name, checksum FROM schema_migration ORDER BY version"),
            row => (row.GetString(0), row.GetString(1)),
            cancellationToken);

    private void Compare(List<(string Name, string Checksum)> applied)
    {
        if (applied.Count > migrations.Count)
        {
            throw new SchemaException(
                $"The database has migration {applied[migrations.Count].Name}, which this version does not know; run a newer version");
        }

        for (var i = 0; i < applied.Count; i++)
        {
            if (applied[i].Checksum != migrations[i].Checksum)
            {
                throw new SchemaException(
                    $"Migration {applied[i].Name} of the database differs from {migrations[i].Name} of this version; run the version that created the database");
            }
        }
    }

    private async ValueTask ApplyAsync(UnitOfWork unit, Migration migration, CancellationToken cancellationToken)
    {
        await StartupLock.TakeAsync(unit, cancellationToken);
        var applied = await unit.QueryAsync(
            new Statement("SELECT name FROM schema_migration WHERE version = @version", ("version", (long)migration.Version)),
            row => row.GetString(0),
            cancellationToken);
        if (applied.Count > 0)
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

/// <summary>One step of the schema, from <c>Storage/Migrations</c>. It is never edited once it is released.</summary>
/// <param name="Statements">Each ends with a semicolon at the end of a line.</param>
internal sealed record Migration(int Version, string Name, string Checksum, IReadOnlyList<string> Statements)
{
    private const string Folder = "migrations/";

    /// <summary>All migrations for an engine, oldest first. <c>0007_x.sqlite.sql</c> replaces <c>0007_x.sql</c> on SQLite.</summary>
    public static IReadOnlyList<Migration> For(Engine engine)
    {
        var assembly = typeof(Migration).Assembly;
        var files = assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Folder, StringComparison.Ordinal))
            .ToHashSet(StringComparer.Ordinal);
        var own = engine == Engine.Sqlite ? ".sqlite.sql" : ".postgresql.sql";

        return [.. files
            .Where(file => file.Count(c => c == '.') == 1)
            .Order(StringComparer.Ordinal)
            .Select(file => file[..^".sql".Length] + own is var variant && files.Contains(variant) ? variant : file)
            .Select(file => Load(assembly, file))];
    }

    private static Migration Load(Assembly assembly, string file)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(file)!);
        var script = reader.ReadToEnd();
        var name = file[Folder.Length..];
        var checksum = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(script)));
        var statements = script.Split(";\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return new Migration(int.Parse(name[..4], CultureInfo.InvariantCulture), name, checksum, statements);
    }
}

/// <summary>Held until the end of the unit of work by the one node that migrates or creates the first rows.</summary>
internal static class StartupLock
{
    private const long Id = 0x53414C4C59; // "SALLY"

    public static async ValueTask TakeAsync(UnitOfWork unit, CancellationToken cancellationToken)
    {
        // SQLite has one writer at a time, across processes too: the unit of work itself is the lock.
        if (unit.Engine == Engine.PostgreSql)
        {
            await unit.ExecuteAsync(new Statement("SELECT pg_advisory_xact_lock(@id)", ("id", Id)), cancellationToken);
        }
    }
}
