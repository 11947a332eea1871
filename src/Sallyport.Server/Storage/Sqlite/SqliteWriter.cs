namespace Sallyport.Server.Storage.Sqlite;

/// <summary>
/// The one thread that writes. Units of work that wait at the same time share a transaction, and so a flush to
/// the disk; each has a savepoint of its own, so that the failure of one is not felt by its neighbours.
/// </summary>
internal sealed class SqliteWriter : IDisposable
{
    private const int MaxUnitsInTransaction = 256;

    private readonly Queue<SqliteWork> waiting = new();
    private readonly SqliteCommands commands;
    private readonly SqliteCheckpointer checkpointer;
    private readonly Thread thread;
    private bool isClosed;

    public SqliteWriter(SqliteCommands commands, SqliteCheckpointer checkpointer)
    {
        this.commands = commands;
        this.checkpointer = checkpointer;
        thread = new Thread(Run) { IsBackground = true, Name = "sqlite-writer" };
        thread.Start();
    }

    public Task<T> WriteAsync<T>(Func<UnitOfWork, ValueTask<T>> work, CancellationToken cancellationToken)
    {
        var item = new SqliteWork<T>(work, cancellationToken);
        lock (waiting)
        {
            ObjectDisposedException.ThrowIf(isClosed, this);
            waiting.Enqueue(item);
            Monitor.Pulse(waiting);
        }

        return item.Completion;
    }

    /// <summary>What waits is still written.</summary>
    public void Dispose()
    {
        lock (waiting)
        {
            isClosed = true;
            Monitor.Pulse(waiting);
        }

        thread.Join();
        checkpointer.Dispose();
        commands.Dispose();
    }

    private void Run()
    {
        var units = new List<SqliteWork>(MaxUnitsInTransaction);
        while (TakeWaiting(units))
        {
            RunTogether(units);
            units.Clear();
        }
    }

    /// <returns>False when the writer is closed and nothing waits any more.</returns>
    private bool TakeWaiting(List<SqliteWork> units)
    {
        lock (waiting)
        {
            while (waiting.Count == 0)
            {
                if (isClosed)
                {
                    return false;
                }

                Monitor.Wait(waiting);
            }

            while (units.Count < MaxUnitsInTransaction && waiting.TryDequeue(out var unit))
            {
                units.Add(unit);
            }

            return true;
        }
    }

    private void RunTogether(List<SqliteWork> units)
    {
        try
        {
            commands.Execute("BEGIN IMMEDIATE");
            foreach (var unit in units)
            {
                RunOne(unit);
            }

            commands.Execute("COMMIT");
        }
#pragma warning disable CA1031 // Whatever went wrong belongs to the callers; the writing thread goes on.
        catch (Exception exception)
        {
            TryRollback();
            units.ForEach(unit => unit.Fail(exception));
            return;
        }
#pragma warning restore CA1031

        units.ForEach(unit => unit.Complete());
        checkpointer.AfterCommit(commands, units.Count);
    }

    private void RunOne(SqliteWork unit)
    {
        commands.Execute("SAVEPOINT unit");
        if (!unit.Run(commands))
        {
            commands.Execute("ROLLBACK TO unit");
        }

        commands.Execute("RELEASE unit");
    }

    private void TryRollback()
    {
        try
        {
            commands.Execute("ROLLBACK");
        }
        catch (Microsoft.Data.Sqlite.SqliteException)
        {
            // SQLite has rolled back by itself.
        }
    }
}
