using System.Diagnostics;

namespace Sallyport.Server.Storage;

public enum Engine
{
    Sqlite,
    PostgreSql,
}

/// <summary>
/// The database: one of two engines behind the same SQL. A unit of work awaits nothing but its own statements, because on
/// SQLite it runs on the only writing thread.
/// </summary>
/// <param name="mostLimitedReads">The number of time-limited reads that run at once. Expensive queries must not exhaust the connections.</param>
internal abstract class Database(int mostLimitedReads) : IAsyncDisposable
{
    private readonly SemaphoreSlim limitedReads = new(mostLimitedReads);

    public abstract Engine Engine { get; }

    public abstract ValueTask<T> ReadAsync<T>(
        Func<Session, ValueTask<T>> work, CancellationToken cancellationToken);

    /// <summary>Reads with statements that all see the database as it is at the first of them, however long the work takes.</summary>
    public abstract ValueTask<T> ReadSnapshotAsync<T>(
        Func<Session, ValueTask<T>> work, CancellationToken cancellationToken);

    /// <summary>Reads with a time limit for all statements together, including the wait for a free slot.</summary>
    /// <exception cref="QueryTimeoutException">The limit was exceeded.</exception>
    public async ValueTask<T> ReadWithinAsync<T>(
        TimeSpan limit, Func<Session, ValueTask<T>> work, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        if (!await limitedReads.WaitAsync(limit, cancellationToken))
        {
            throw new QueryTimeoutException();
        }

        try
        {
            var left = limit - Stopwatch.GetElapsedTime(started);
            return left > TimeSpan.Zero ? await ReadLimitedAsync(left, work, cancellationToken) : throw new QueryTimeoutException();
        }
        finally
        {
            limitedReads.Release();
        }
    }

    /// <param name="work">
    /// Changes nothing but the database: it is run again if PostgreSQL rolls it back to end a deadlock with another unit.
    /// </param>
    public abstract ValueTask<T> WriteAsync<T>(
        Func<UnitOfWork, ValueTask<T>> work, CancellationToken cancellationToken);

    /// <summary>Receives the notifications of a channel until the connection breaks or the wait is cancelled. PostgreSQL only.</summary>
    /// <param name="listening">Called when the subscription is active. Earlier notifications are not received.</param>
    public virtual Task ListenAsync(string channel, Action listening, Action<string> received, CancellationToken cancellationToken) =>
        throw new NotSupportedException("This engine has no notifications.");

    /// <returns>False if another server is running on this database.</returns>
    public abstract ValueTask<bool> IsOnlyServerAsync(UnitOfWork unit, CancellationToken cancellationToken);

    public abstract ValueTask DisposeAsync();

    public async ValueTask WriteAsync(Func<UnitOfWork, ValueTask> work, CancellationToken cancellationToken) =>
        await WriteAsync<object?>(
            async unit =>
            {
                await work(unit);
                return null;
            },
            cancellationToken);

    public ValueTask<List<T>> QueryAsync<T>(
        Statement statement, Func<System.Data.Common.DbDataReader, T> read, CancellationToken cancellationToken) =>
        ReadAsync(session => session.QueryAsync(statement, read, cancellationToken), cancellationToken);

    protected abstract ValueTask<T> ReadLimitedAsync<T>(
        TimeSpan limit, Func<Session, ValueTask<T>> work, CancellationToken cancellationToken);
}
