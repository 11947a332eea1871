using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Storage;

/// <summary>The migrations of the two engines are separate files but describe the same schema.</summary>
public sealed class SchemaTests
{
    private const int FewestColumns = 150;

    private const string SqliteColumns = """
        SELECT t.name || '.' || c.name || CASE c."notnull" WHEN 1 THEN ' NOT NULL' ELSE '' END
        FROM sqlite_master t, pragma_table_xinfo(t.name) c
        WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%'
        """;

    private const string PostgreSqlColumns = """
        SELECT table_name || '.' || column_name || CASE is_nullable WHEN 'NO' THEN ' NOT NULL' ELSE '' END
        FROM information_schema.columns
        WHERE table_schema = 'public'
        """;

    [Fact]
    public async Task Both_engines_have_the_same_tables_and_columns()
    {
        var sqlite = await ListColumnsAsync(Engine.Sqlite, SqliteColumns);
        var postgreSql = await ListColumnsAsync(Engine.PostgreSql, PostgreSqlColumns);

        sqlite.Except(postgreSql).ShouldBeEmpty("Only on SQLite");
        postgreSql.Except(sqlite).ShouldBeEmpty("Only on PostgreSQL");
        sqlite.Count.ShouldBeGreaterThan(FewestColumns);
    }

    private static async Task<List<string>> ListColumnsAsync(Engine engine, string query)
    {
        await using var shared = await TestDatabase.CreateAsync(engine);
        var database = await shared.OpenMigratedAsync();
        return await database.QueryAsync(new Statement(query), row => row.GetString(0), TestContext.Current.CancellationToken);
    }
}
