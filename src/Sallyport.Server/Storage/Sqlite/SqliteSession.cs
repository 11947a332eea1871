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
