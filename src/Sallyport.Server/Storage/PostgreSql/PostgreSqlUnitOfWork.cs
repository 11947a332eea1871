using System.Data.Common;
using Npgsql;

namespace Sallyport.Server.Storage.PostgreSql;

/// <summary>
/// A transaction without round trips of its own: BEGIN is sent with the first statement, COMMIT with the statements that still wait. A unit of
/// one round trip needs neither, because PostgreSQL runs what is sent together as one transaction.
/// </summary>
internal sealed class PostgreSqlUnitOfWork(NpgsqlConnection connection) : UnitOfWork
{
    private readonly List<NpgsqlBatchCommand> waiting = [];
    private bool begun;

    public override Engine Engine => Engine.PostgreSql;

    public override async ValueTask<List<T>> QueryAsync<T>(
        Statement statement, Func<DbDataReader, T> read, CancellationToken cancellationToken)
    {
        await using var batch = NextBatch(PostgreSqlSession.ToCommand(statement));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var rows = await PostgreSqlSession.ReadAllAsync(reader, read, cancellationToken);
        // An error in the last statement of the batch is raised only when the reader is closed.
        await reader.CloseAsync();
        return rows;
    }

    public override async ValueTask<(List<TFirst> First, List<TSecond> Second)> QueryBothAsync<TFirst, TSecond>(
        Query<TFirst> first, Query<TSecond> second, CancellationToken cancellationToken)
    {
        await using var batch = NextBatch(PostgreSqlSession.ToCommand(first.Statement), PostgreSqlSession.ToCommand(second.Statement));
        return await PostgreSqlSession.ReadBothAsync(batch, first, second, cancellationToken);
    }

    public override async ValueTask<int> ExecuteAsync(Statement statement, CancellationToken cancellationToken)
    {
        var command = PostgreSqlSession.ToCommand(statement);
        await using var batch = NextBatch(command);
        await batch.ExecuteNonQueryAsync(cancellationToken);
        return (int)command.RecordsAffected;
    }

    public override void Enqueue(Statement statement) => waiting.Add(PostgreSqlSession.ToCommand(statement));

    public override void Require(Statement statement) =>
        waiting.Add(PostgreSqlSession.ToCommand(PositionalText.OfRequired(statement), statement));

    public override async ValueTask<bool> TryCommitAsync()
    {
        try
        {
            await CommitAsync();
            return true;
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.DivisionByZero)
        {
            return AllOrNothing(false);
        }
    }

    public override async ValueTask<bool> TryApplyAsync(IReadOnlyList<Statement> statements, CancellationToken cancellationToken)
    {
        var commands = statements.Select(PostgreSqlSession.ToCommand).ToList();
        await using var batch = NextBatch([.. commands]);
        await batch.ExecuteNonQueryAsync(cancellationToken);
        return AllOrNothing(commands.TrueForAll(command => command.RecordsAffected == 1));
    }

    /// <summary>Not cancellable: otherwise the caller could not know whether the work was committed.</summary>
    public async ValueTask CommitAsync()
    {
        if (!begun && waiting.Count == 0)
        {
            return;
        }

        await using var batch = begun ? NextBatch(new NpgsqlBatchCommand("COMMIT")) : TakeWaiting(new NpgsqlBatch(connection));
        await batch.ExecuteNonQueryAsync(CancellationToken.None);
        begun = false;
    }

    public async ValueTask RollbackAsync()
    {
        if (!begun || connection.FullState.HasFlag(System.Data.ConnectionState.Broken))
        {
            return;
        }

        await using var command = new NpgsqlCommand("ROLLBACK", connection);
        await command.ExecuteNonQueryAsync(CancellationToken.None);
    }

    private NpgsqlBatch NextBatch(params ReadOnlySpan<NpgsqlBatchCommand> commands)
    {
        var batch = new NpgsqlBatch(connection);
        if (!begun)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand("BEGIN"));
            begun = true;
        }

        TakeWaiting(batch);
        foreach (var command in commands)
        {
            batch.BatchCommands.Add(command);
        }

        return batch;
    }

    private NpgsqlBatch TakeWaiting(NpgsqlBatch batch)
    {
        foreach (var command in waiting)
        {
            batch.BatchCommands.Add(command);
        }

        waiting.Clear();
        return batch;
    }
}
