using System.Data.Common;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Http.Paging;

/// <summary>A table that is listed in the order of its ids, a <see cref="ListWindow"/> at a time.</summary>
/// <param name="Columns">What <paramref name="Read"/> reads, in its order.</param>
/// <param name="Id">The column that, with the tenant, names a row.</param>
/// <param name="Filter">A condition; its parameters come with each reading.</param>
internal sealed record WindowedTable<T>(string Name, string Columns, string Id, string Filter, Func<DbDataReader, T> Read)
{
    private readonly string rows =
        $"SELECT {Columns} FROM {Name} WHERE {Filter} AND {Id} > @after ORDER BY {Id} LIMIT @limit OFFSET @start";

    private readonly string count = $"SELECT count(*) FROM {Name} WHERE {Filter}";

    /// <param name="id">Of a row: where the next part begins.</param>
    public async ValueTask<ListPart<T>> ListAsync(
        Session session, ListWindow window, (string Name, SqlValue Value)[] filters, Func<T, string> id, CancellationToken cancellationToken)
    {
        var shown = await session.QueryAsync(
            new Statement(rows, [.. filters, ("after", window.After), ("limit", window.Limit), ("start", window.Start)]), Read, cancellationToken);
        var total = window.WantsTotal
            ? (await session.QueryAsync(new Statement(count, filters), row => row.GetInt64(0), cancellationToken))[0]
            : 0;
        return window.Cut(shown, total, id);
    }
}
