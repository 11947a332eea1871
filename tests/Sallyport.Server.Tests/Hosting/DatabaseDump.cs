using System.Globalization;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Tests.Hosting;

/// <summary>The rows of a database as lines of text, so that a test can show that nothing has changed.</summary>
internal static class DatabaseDump
{
    /// <summary>Every row of every table except the log, which records refusals.</summary>
    public static async Task<IReadOnlyList<string>> TakeAsync(Database database)
    {
        var lines = new List<string>();
        foreach (var table in (await ListTablesAsync(database)).Where(name => name != "log"))
        {
            lines.AddRange(await database.QueryAsync(
                new Statement($"SELECT * FROM \"{table}\""), row => Line(table, row), CancellationToken.None));
        }

        lines.Sort(StringComparer.Ordinal);
        return lines;
    }

    public static ValueTask<List<string>> ListTablesAsync(Database database) => database.QueryAsync(
        new Statement(database.Engine == Engine.Sqlite
            ? "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
            : "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"),
        row => row.GetString(0),
        CancellationToken.None);

    private static string Line(string table, System.Data.Common.DbDataReader row) =>
        table + "|" + string.Join('|', Enumerable.Range(0, row.FieldCount).Select(column => Text(row.GetValue(column))));

    private static string Text(object value) =>
        value is byte[] bytes ? Convert.ToHexString(bytes) : Convert.ToString(value, CultureInfo.InvariantCulture)!;
}
