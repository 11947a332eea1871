using System.Collections.Concurrent;
using System.Numerics;

namespace Sallyport.Server.Storage;

/// <summary>
/// Inserts many rows with few statements. Rows are grouped by powers of two, so that there are few different texts and the engines
/// can cache them.
/// </summary>
/// <param name="table">As written in SQL, quoted if necessary.</param>
internal sealed class RowInsert(string table, params string[] columns)
{
    /// <summary>The approximate number of parameters in one statement: narrow rows go in larger groups.</summary>
    private const int MaxParameters = 2048;

    private readonly int maxRows = 1 << BitOperations.Log2((uint)(MaxParameters / columns.Length));

    /// <summary>Text after the rows, with a leading space, for example <c> ON CONFLICT DO NOTHING</c>.</summary>
    public string Suffix { get; init; } = "";

    private readonly ConcurrentDictionary<int, (string Text, string[] Names)> known = new();

    /// <param name="rows">Values in the order of the columns.</param>
    public IEnumerable<Statement> Of(IReadOnlyList<SqlValue[]> rows)
    {
        var done = 0;
        for (var size = maxRows; size > 0; size /= 2)
        {
            for (; rows.Count - done >= size; done += size)
            {
                yield return Group(rows, done, size);
            }
        }
    }

    private Statement Group(IReadOnlyList<SqlValue[]> rows, int first, int size)
    {
        var (text, names) = known.GetOrAdd(size, Write);
        var parameters = new (string, SqlValue)[names.Length];
        for (var i = 0; i < names.Length; i++)
        {
            parameters[i] = (names[i], rows[first + (i / columns.Length)][i % columns.Length]);
        }

        return new Statement(text, parameters);
    }

    private (string Text, string[] Names) Write(int size)
    {
        var names = Enumerable.Range(0, size).SelectMany(row => columns.Select(column => size == 1 ? column : $"{column}_{row}")).ToArray();
        var rows = names.Select(name => "@" + name).Chunk(columns.Length).Select(row => $"({string.Join(", ", row)})");
        return ($"INSERT INTO {table} ({string.Join(", ", columns)}) VALUES {string.Join(", ", rows)}{Suffix}", names);
    }
}
