using System.Data.Common;

namespace Sallyport.Server.Storage;

/// <summary>Runs statements that read. Columns are read by position, in the order of the statement.</summary>
internal abstract class Session
{
    public abstract Engine Engine { get; }

    public abstract ValueTask<List<T>> QueryAsync<T>(
        Statement statement, Func<DbDataReader, T> read, CancellationToken cancellationToken);

    /// <summary>Two statements in one round trip.</summary>
    public abstract ValueTask<(List<TFirst> First, List<TSecond> Second)> QueryBothAsync<TFirst, TSecond>(
        Query<TFirst> first, Query<TSecond> second, CancellationToken cancellationToken);

    public ValueTask<T?> FindAsync<T>(Query<T> query, CancellationToken cancellationToken)
        where T : class =>
        FindAsync(query.Statement, query.Read, cancellationToken);

    /// <returns>The first row, or null if there is none.</returns>
    public async ValueTask<T?> FindAsync<T>(
        Statement statement, Func<DbDataReader, T> read, CancellationToken cancellationToken)
        where T : class
    {
        var rows = await QueryAsync(statement, read, cancellationToken);
        return rows.Count == 0 ? null : rows[0];
    }
}
