using System.Diagnostics;

namespace Sallyport.Server.Storage;

/// <summary>
/// The database, one of two engines behind the same SQL. A unit of work awaits nothing but its own statements:
/// on SQLite it runs on the one writing thread.
/// </summary>
/// <param name="mostLimitedReads">How many reads with a limit are at work at one time: dear ones must not take what all others need.</param>
internal abstract class Database(int mostLimitedReads) : IAsyncDisposable
{
    private readonly SemaphoreSlim limitedReads = new(mostLimitedReads);

    public abstract Engine Engine { get; }

    public abstract ValueTask<T> ReadAsync<T>(
        Func<Session, ValueTask<T>> work, CancellationToken cancellationToken);

    /// <summary>Reads with statements that together, with the wait for their turn, take no longer than <paramref name="limit"/>.</summary>
    /// <exception cref="QueryTimeoutException">They did. The connection is free again.</exception>
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

    public abstract ValueTask<T> WriteAsync<T>(
        Func<UnitOfWork, ValueTask<T>> work, CancellationToken cancellationToken);

    /// <summary>Hears what is told on a channel, until the connection breaks or the wait is cancelled.</summary>
    /// <param name="listening">From now on everything is heard; what was told before is not.</param>
    public virtual Task ListenAsync(string channel, Action listening, Action<string> heard, CancellationToken cancellationToken) =>
        throw new NotSupportedException("Nobody else uses the database.");

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

    public ValueTask<T?> FindAsync<T>(
        Statement statement, Func<System.Data.Common.DbDataReader, T> read, CancellationToken cancellationToken)
        where T : class =>
        ReadAsync(session => session.FindAsync(statement, read, cancellationToken), cancellationToken);

    public ValueTask<List<T>> QueryAsync<T>(
        Statement statement, Func<System.Data.Common.DbDataReader, T> read, CancellationToken cancellationToken) =>
        ReadAsync(session => session.QueryAsync(statement, read, cancellationToken), cancellationToken);

    protected abstract ValueTask<T> ReadLimitedAsync<T>(
        TimeSpan limit, Func<Session, ValueTask<T>> work, CancellationToken cancellationToken);
}
