using System.Globalization;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Tests.Hosting;

/// <summary>The rows of a database as lines of text, so that a test can show that nothing has changed.</summary>
internal static class DatabaseDump
{
    /// <summary>Every row of every table except the log, which records refusals.</summary>
    public static async Task<IReadOnlyList<string>> TakeAsync(Database database)
    {
        var (lines, tables) = (new List<string>(), await ListTablesAsync(database));
        await WaitForDeliveriesAsync(database, tables);
        foreach (var table in tables.Where(name => name != "log"))
        {
            lines.AddRange(await database.QueryAsync(
                new Statement($"SELECT * FROM \"{table}\""), row => Line(table, row), CancellationToken.None));
        }

        lines.Sort(StringComparer.Ordinal);
        return lines;
    }

    /// <summary>Mails are delivered in the background, which would look like a change. Without a server nobody delivers them.</summary>
    private static async Task WaitForDeliveriesAsync(Database database, List<string> tables)
    {
        for (var i = 0; i < 50 && tables.Contains("message") && await CountWaitingAsync(database) > 0; i++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
    }

    private static async Task<long> CountWaitingAsync(Database database) => (await database.QueryAsync(
        new Statement("SELECT count(*) FROM message WHERE delivered_at IS NULL AND failed_at IS NULL"), row => row.GetInt64(0), CancellationToken.None))[0];

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
