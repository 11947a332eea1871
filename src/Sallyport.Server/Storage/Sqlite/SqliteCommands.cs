using System.Data.Common;
using System.Diagnostics;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Sallyport.Server.Storage.Sqlite;

/// <summary>A connection with its prepared statements. Used by one thread at a time.</summary>
internal sealed class SqliteCommands(SqliteConnection connection) : IDisposable
{
    private const int PagesOfCopyStep = 1000;

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

    /// <summary>Statements that exceed the limit throw a <see cref="QueryTimeoutException"/>.</summary>
    /// <returns>Removes the limit when it is disposed.</returns>
    public IDisposable StopAfter(TimeSpan limit) => new SqliteDeadline(connection.Handle!, limit);

    public int Execute(Statement statement) => Bind(statement).ExecuteNonQuery();

    public void Execute(string text) => Execute(new Statement(text));

    /// <summary>
    /// Copies the database with SQLite's online backup. The transaction keeps the source as it is at the first page, so writes of others
    /// neither get into the copy nor start it again.
    /// </summary>
    public void CopyTo(string path, Action<double?> progress, CancellationToken cancellationToken)
    {
        using var target = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ConnectionString);
        target.Open();
        Execute("BEGIN");
        try
        {
            Query(new Statement("SELECT count(*) FROM sqlite_schema"), row => row.GetInt64(0));
            using var backup = raw.sqlite3_backup_init(target.Handle!, "main", connection.Handle!, "main");
            var result = raw.SQLITE_OK;
            while (result == raw.SQLITE_OK)
            {
                cancellationToken.ThrowIfCancellationRequested();
                result = raw.sqlite3_backup_step(backup, PagesOfCopyStep);
                var pages = raw.sqlite3_backup_pagecount(backup);
                progress(pages == 0 ? null : 1 - ((double)raw.sqlite3_backup_remaining(backup) / pages));
            }

            if (result != raw.SQLITE_DONE)
            {
                SqliteException.ThrowExceptionForRC(result, target.Handle);
            }
        }
        finally
        {
            Execute("ROLLBACK");
        }
    }

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
#pragma warning disable CA2100 // Statements are written by stores; the values of callers are parameters.
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

/// <summary>
/// A time limit that SQLite checks itself through its progress handler. The handler runs on the connection's own thread, so an interrupt
/// cannot arrive late and stop the next statement.
/// </summary>
internal sealed class SqliteDeadline : IDisposable
{
    public const int Interrupted = raw.SQLITE_INTERRUPT;

    /// <summary>Usually a few microseconds; one that compares a long text with a pattern may take milliseconds.</summary>
    private const int InstructionsBetweenChecks = 200;

    private readonly sqlite3 handle;

    public SqliteDeadline(sqlite3 handle, TimeSpan limit)
    {
        this.handle = handle;
        var started = Stopwatch.GetTimestamp();
        raw.sqlite3_progress_handler(
            handle, InstructionsBetweenChecks, _ => Stopwatch.GetElapsedTime(started) > limit ? 1 : 0, null);
    }

    public void Dispose() => raw.sqlite3_progress_handler(handle, 0, null, null);
}
