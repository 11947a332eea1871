using System.Collections.Concurrent;
using System.Numerics;

namespace Sallyport.Server.Storage;

/// <summary>
/// Inserts many rows with few statements. Their texts are few as well, so that engines remember them: rows go in groups of
/// powers of two.
/// </summary>
/// <param name="table">As it stands in a statement.</param>
internal sealed class RowInsert(string table, params string[] columns)
{
    /// <summary>Of a statement, about: narrow rows go in larger groups.</summary>
    private const int MaxParameters = 2048;

    private readonly int maxRows = 1 << BitOperations.Log2((uint)(MaxParameters / columns.Length));

    /// <summary>What stands behind the rows, with the space before it.</summary>
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
