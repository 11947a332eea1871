using System.Data.Common;

namespace Sallyport.Server.Storage.Sqlite;

internal sealed class SqliteUnitOfWork(SqliteCommands commands) : UnitOfWork
{
    public override Engine Engine => Engine.Sqlite;

    public override ValueTask<List<T>> QueryAsync<T>(
        Statement statement, Func<DbDataReader, T> read, CancellationToken cancellationToken) =>
        ValueTask.FromResult(commands.Query(statement, read));

    public override ValueTask<int> ExecuteAsync(Statement statement, CancellationToken cancellationToken) =>
        ValueTask.FromResult(commands.Execute(statement));

    public override ValueTask<bool> TryApplyAsync(IReadOnlyList<Statement> statements, CancellationToken cancellationToken) =>
        ValueTask.FromResult(AllOrNothing(statements.All(statement => commands.Execute(statement) == 1)));

    public override void Enqueue(Statement statement) => commands.Execute(statement);
}
