using System.Data.Common;
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

    public static NpgsqlBatchCommand ToCommand(Statement statement)
    {
        var command = new NpgsqlBatchCommand(PositionalText.Of(statement));
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
