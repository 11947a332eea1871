using System.Data.Common;
using System.Diagnostics;
using Npgsql;
using NpgsqlTypes;

namespace Sallyport.Server.Storage.PostgreSql;

internal sealed class PostgreSqlSession(NpgsqlConnection connection) : Session
{
    public override Engine Engine => Engine.PostgreSql;

    public override async ValueTask<List<T>> QueryAsync<T>(
        Statement statement, Func<DbDataReader, T> read, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(ToCommand(statement));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        return await ReadAllAsync(reader, read, cancellationToken);
    }

    public override async ValueTask<(List<TFirst> First, List<TSecond> Second)> QueryBothAsync<TFirst, TSecond>(
        Query<TFirst> first, Query<TSecond> second, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(ToCommand(first.Statement));
        batch.BatchCommands.Add(ToCommand(second.Statement));
        return await ReadBothAsync(batch, first, second, cancellationToken);
    }

    public static async ValueTask<(List<TFirst> First, List<TSecond> Second)> ReadBothAsync<TFirst, TSecond>(
        NpgsqlBatch batch, Query<TFirst> first, Query<TSecond> second, CancellationToken cancellationToken)
    {
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var firstRows = await ReadAllAsync(reader, first.Read, cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        var secondRows = await ReadAllAsync(reader, second.Read, cancellationToken);
        await reader.CloseAsync();
        return (firstRows, secondRows);
    }

    public static async ValueTask<List<T>> ReadAllAsync<T>(
        NpgsqlDataReader reader, Func<DbDataReader, T> read, CancellationToken cancellationToken)
    {
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    public static NpgsqlBatchCommand ToCommand(Statement statement) => ToCommand(PositionalText.Of(statement), statement);

    public static NpgsqlBatchCommand ToCommand(string text, Statement statement)
    {
        var command = new NpgsqlBatchCommand(text);
        foreach (var (_, parameter) in statement.Parameters)
        {
            command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = ToDbType(parameter.Type), Value = parameter.Value });
        }

        return command;
    }

    private static NpgsqlDbType ToDbType(SqlType type) => type switch
    {
        SqlType.Text => NpgsqlDbType.Text,
        SqlType.Number => NpgsqlDbType.Bigint,
        SqlType.Truth => NpgsqlDbType.Boolean,
        SqlType.Bytes => NpgsqlDbType.Bytea,
    };
}

/// <summary>
/// Statements that share a time limit. Each is planned for its own values, because the same text may select one row or most of a
/// table. JIT compilation is off, because it takes longer than it saves on one page of results. Random page cost is set for flash
/// storage.
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

        // One round trip is one transaction: the settings end with it.
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
