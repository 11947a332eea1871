using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Sallyport.Server.Storage.Sqlite;

/// <summary>A connection with its compiled statements. Used by one thread at a time.</summary>
internal sealed class SqliteCommands(SqliteConnection connection) : IDisposable
{
    private readonly Dictionary<string, SqliteCommand> prepared = new(StringComparer.Ordinal);

    public List<T> Query<T>(Statement statement, Func<DbDataReader, T> read)
    {
        if (!statement.IsMadeForOneRequest)
        {
            return Query(Bind(statement), read);
        }

        using var command = Make(statement);
        return Query(Bind(command, statement), read);
    }

    /// <summary>Statements that are at work when the time is over stop with an <see cref="QueryTimeoutException"/>.</summary>
    /// <returns>Ends the limit.</returns>
    public IDisposable StopAfter(TimeSpan limit) => new SqliteDeadline(connection.Handle!, limit);

    public int Execute(Statement statement) => Bind(statement).ExecuteNonQuery();

    public void Execute(string text) => Execute(new Statement(text));

    public void Dispose()
    {
        foreach (var command in prepared.Values)
        {
            command.Dispose();
        }

        connection.Dispose();
    }

    private static List<T> Query<T>(SqliteCommand command, Func<DbDataReader, T> read)
    {
        try
        {
            using var reader = command.ExecuteReader();
            var rows = new List<T>();
            while (reader.Read())
            {
                rows.Add(read(reader));
            }

            return rows;
        }
        catch (SqliteException exception) when (exception.SqliteErrorCode == SqliteDeadline.Interrupted)
        {
            throw new QueryTimeoutException();
        }
    }

    private SqliteCommand Bind(Statement statement)
    {
        if (!prepared.TryGetValue(statement.Text, out var command))
        {
            command = Make(statement);
            prepared.Add(statement.Text, command);
        }

        return Bind(command, statement);
    }

    private SqliteCommand Make(Statement statement)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // Statements are written by stores; values of callers are parameters.
        command.CommandText = statement.Text;
#pragma warning restore CA2100
        foreach (var (name, value) in statement.Parameters)
        {
            command.Parameters.Add(new SqliteParameter { ParameterName = "@" + name, SqliteType = ToSqliteType(value.Type) });
        }

        return command;
    }

    private static SqliteCommand Bind(SqliteCommand command, Statement statement)
    {
        for (var i = 0; i < statement.Parameters.Length; i++)
        {
            command.Parameters[i].Value = statement.Parameters[i].Value.Value;
        }

        return command;
    }

    private static SqliteType ToSqliteType(SqlType type) => type switch
    {
        SqlType.Text => SqliteType.Text,
        SqlType.Number or SqlType.Truth => SqliteType.Integer,
        SqlType.Bytes => SqliteType.Blob,
    };
}
