using System.Data.Common;

namespace Sallyport.Server.Storage.Sqlite;

internal sealed class SqliteUnitOfWork(SqliteCommands commands) : UnitOfWork
{
    private volatile bool isOver;

    public override Engine Engine => Engine.Sqlite;

    /// <summary>Whoever awaited something else comes back when the connection serves other units: it is refused.</summary>
    private SqliteCommands Commands =>
        isOver ? throw new InvalidOperationException("The unit of work is over.") : commands;

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

    public override void Enqueue(Statement statement) => Commands.Execute(statement);

    public void End() => isOver = true;
}
