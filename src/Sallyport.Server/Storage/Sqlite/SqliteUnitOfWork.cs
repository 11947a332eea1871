using System.Data.Common;

namespace Sallyport.Server.Storage.Sqlite;

internal sealed class SqliteSession(SqliteCommands commands) : Session
{
    public override Engine Engine => Engine.Sqlite;

    public override ValueTask<List<T>> QueryAsync<T>(
        Statement statement, Func<DbDataReader, T> read, CancellationToken cancellationToken) =>
        ValueTask.FromResult(commands.Query(statement, read));

    public override ValueTask<(List<TFirst> First, List<TSecond> Second)> QueryBothAsync<TFirst, TSecond>(
        Query<TFirst> first, Query<TSecond> second, CancellationToken cancellationToken) =>
        ValueTask.FromResult((commands.Query(first.Statement, first.Read), commands.Query(second.Statement, second.Read)));
}

internal sealed class SqliteUnitOfWork(SqliteCommands commands) : UnitOfWork
{
    private volatile bool hasEnded;
    private bool isUnmet;

    public override Engine Engine => Engine.Sqlite;

    /// <summary>Refuses work that awaited something else and resumes when the connection already serves other units.</summary>
    private SqliteCommands Commands =>
        hasEnded ? throw new InvalidOperationException("The unit of work has ended.") : commands;

    public override ValueTask<List<T>> QueryAsync<T>(
        Statement statement, Func<DbDataReader, T> read, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Commands.Query(statement, read));

    public override ValueTask<(List<TFirst> First, List<TSecond> Second)> QueryBothAsync<TFirst, TSecond>(
        Query<TFirst> first, Query<TSecond> second, CancellationToken cancellationToken) =>
        ValueTask.FromResult((Commands.Query(first.Statement, first.Read), Commands.Query(second.Statement, second.Read)));

    public override ValueTask<int> ExecuteAsync(Statement statement, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Commands.Execute(statement));

    public override ValueTask<bool> TryApplyAsync(IReadOnlyList<Statement> statements, CancellationToken cancellationToken) =>
        ValueTask.FromResult(AllOrNothing(statements.All(statement => Commands.Execute(statement) == 1)));

    public override void Enqueue(Statement statement)
    {
        if (!isUnmet)
        {
            Commands.Execute(statement);
        }
    }

    public override void Require(Statement statement) => isUnmet = isUnmet || Commands.Execute(statement) != 1;

    /// <summary>The writer commits the unit when its work returns.</summary>
    public override ValueTask<bool> TryCommitAsync()
    {
        var applied = !isUnmet;
        isUnmet = false;
        return ValueTask.FromResult(AllOrNothing(applied));
    }

    public void End() => hasEnded = true;

    /// <exception cref="InvalidOperationException">A required statement has failed, and the work did not ask.</exception>
    public void ThrowIfUnmet()
    {
        if (isUnmet)
        {
            throw new InvalidOperationException("A required statement did not change exactly one row.");
        }
    }
}
