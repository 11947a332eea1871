using Npgsql;

namespace Sallyport.Server.Storage.PostgreSql;

internal sealed class PostgreSqlDatabase : Database
{
    /// <summary>Every running server holds this advisory lock, shared, on the connection that listens.</summary>
    private const long RunningServerLock = 0x53414C4C5A;

    public const string ListenerName = "sallyport listener";

    private const int PreparedStatementsPerConnection = 200;

    /// <summary>
    /// The number of concurrent limited reads, far below the size of the connection pool. If more queries compute than there are processors, each
    /// waits for the time slices of the others: with sixteen on two processors, one search in a hundred took ten times as long as the rest.
    /// </summary>
    private static readonly int MaxLimitedReads = 3 * Environment.ProcessorCount;

    private const int ListenerKeepAliveSeconds = 10;

    /// <summary>How often a unit is run that waits for another unit which waits for it.</summary>
    private const int MaxAttempts = 5;

    private readonly NpgsqlDataSource source;
    private readonly string listenerString;

    public PostgreSqlDatabase(string connectionString)
        : base(MaxLimitedReads)
    {
        var builder = new NpgsqlConnectionStringBuilder(connectionString)
        {
            MaxAutoPrepare = PreparedStatementsPerConnection,
            AutoPrepareMinUsages = 2,
            // No statement leaves session state behind, so a connection needs no reset.
            NoResetOnClose = true,
            ApplicationName = "sallyport",
        };
        source = NpgsqlDataSource.Create(builder);
        listenerString = new NpgsqlConnectionStringBuilder(connectionString)
        {
            // The connection stays open for a long time; keep-alives detect when it is lost.
            Pooling = false,
            KeepAlive = ListenerKeepAliveSeconds,
            ApplicationName = ListenerName,
        }.ConnectionString;
    }

    public override Engine Engine => Engine.PostgreSql;

    public override async ValueTask<T> ReadAsync<T>(
        Func<Session, ValueTask<T>> work, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        return await work(new PostgreSqlSession(connection));
    }

    public override async ValueTask<T> ReadSnapshotAsync<T>(
        Func<Session, ValueTask<T>> work, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellationToken);
        return await work(new PostgreSqlSession(connection));
    }

    public override async ValueTask<T> WriteAsync<T>(
        Func<UnitOfWork, ValueTask<T>> work, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await WriteOnceAsync(connection, work);
            }
            catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.DeadlockDetected && attempt < MaxAttempts)
            {
                // The engine has rolled this unit back, so that the other one could go on.
            }
        }
    }

    private static async ValueTask<T> WriteOnceAsync<T>(NpgsqlConnection connection, Func<UnitOfWork, ValueTask<T>> work)
    {
        var unit = new PostgreSqlUnitOfWork(connection);
        try
        {
            var result = await work(unit);
            if (unit.IsAbandoned)
            {
                await unit.RollbackAsync();
                return result;
            }

            await unit.CommitAsync();
            unit.RaiseCommitted();
            return result;
        }
        catch
        {
            await unit.RollbackAsync();
            throw;
        }
    }

    public override async Task ListenAsync(
        string channel, Action listening, Action<string> received, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(listenerString);
        connection.Notification += (_, notification) => received(notification.Payload);
        await connection.OpenAsync(cancellationToken);
        await using (var command = new NpgsqlCommand($"LISTEN {channel}; SELECT pg_advisory_lock_shared({RunningServerLock})", connection))
        {
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        listening();
        while (true)
        {
            await connection.WaitAsync(cancellationToken);
        }
    }

    public override async ValueTask<bool> IsOnlyServerAsync(UnitOfWork unit, CancellationToken cancellationToken) =>
        (await unit.QueryAsync(
            new Statement("SELECT pg_try_advisory_xact_lock(@id)", ("id", RunningServerLock)), row => row.GetBoolean(0), cancellationToken))[0];

    public override ValueTask DisposeAsync() => source.DisposeAsync();

    protected override async ValueTask<T> ReadLimitedAsync<T>(
        TimeSpan limit, Func<Session, ValueTask<T>> work, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        return await work(new PostgreSqlLimitedSession(connection, limit));
    }
}
