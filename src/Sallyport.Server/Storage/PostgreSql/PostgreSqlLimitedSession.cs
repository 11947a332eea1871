using System.Data.Common;
using System.Diagnostics;
using Npgsql;

namespace Sallyport.Server.Storage.PostgreSql;

/// <summary>
/// Statements that share a time. They are planned for their values: the same text may ask for one row or for most of a table.
/// None is compiled: that takes longer than what it could save on a page. A page of an index costs what it does on flash and in memory.
/// </summary>
internal sealed class PostgreSqlLimitedSession(NpgsqlConnection connection, TimeSpan limit) : Session
{
    private readonly long started = Stopwatch.GetTimestamp();

    public override Engine Engine => Engine.PostgreSql;

    public override async ValueTask<List<T>> QueryAsync<T>(
        Statement statement, Func<DbDataReader, T> read, CancellationToken cancellationToken)
    {
        var left = (long)(limit - Stopwatch.GetElapsedTime(started)).TotalMilliseconds;
        if (left <= 0)
        {
            throw new QueryTimeoutException();
        }

        // One round trip, and so one transaction, at whose end the settings are gone.
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(PostgreSqlSession.ToCommand(Settings(left)));
        batch.BatchCommands.Add(PostgreSqlSession.ToCommand(statement));
        try
        {
            await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
            await reader.NextResultAsync(cancellationToken);
            return await PostgreSqlSession.ReadAllAsync(reader, read, cancellationToken);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.QueryCanceled)
        {
            throw new QueryTimeoutException();
        }
    }

    public override async ValueTask<(List<TFirst> First, List<TSecond> Second)> QueryBothAsync<TFirst, TSecond>(
        Query<TFirst> first, Query<TSecond> second, CancellationToken cancellationToken) =>
        (await QueryAsync(first.Statement, first.Read, cancellationToken), await QueryAsync(second.Statement, second.Read, cancellationToken));

    private static Statement Settings(long milliseconds) =>
        new("""
            SELECT set_config('statement_timeout', CAST(@milliseconds AS text), true),
                set_config('plan_cache_mode', 'force_custom_plan', true),
                set_config('jit', 'off', true),
                set_config('random_page_cost', '1.1', true)
            """,
            ("milliseconds", milliseconds));
}
