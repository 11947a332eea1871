namespace Sallyport.Server.Storage.Sqlite;

/// <summary>
/// The only thread that writes. Units of work that wait at the same time share one transaction and thus one flush to the disk. Each has
/// its own savepoint, so the failure of one does not affect the others.
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

    /// <summary>Units that already wait are still written.</summary>
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

    /// <returns>False when the writer is closed and no unit waits.</returns>
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
#pragma warning disable CA1031 // Every failure is passed on to the callers; the writing thread must go on.
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
            // SQLite has already rolled back.
        }
    }
}

/// <summary>A unit of work in the writer's queue. Its caller gets the result only after the commit.</summary>
internal abstract class SqliteWork
{
    /// <returns>False if the unit must be rolled back.</returns>
    public abstract bool Run(SqliteCommands commands);

    public abstract void Complete();

    public abstract void Fail(Exception exception);
}

internal sealed class SqliteWork<T>(Func<UnitOfWork, ValueTask<T>> work, CancellationToken cancellationToken) : SqliteWork
{
    private readonly TaskCompletionSource<T> completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private SqliteUnitOfWork? unit;
    private T? result;
    private Exception? failure;

    public Task<T> Completion => completion.Task;

    public override bool Run(SqliteCommands commands)
    {
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            unit = new SqliteUnitOfWork(commands);
            var task = work(unit);
            if (!task.IsCompleted)
            {
                throw new InvalidOperationException("A unit of work may await only its own statements.");
            }

            result = task.GetAwaiter().GetResult();
            unit.ThrowIfUnmet();
            return !unit.IsAbandoned;
        }
#pragma warning disable CA1031 // The failure is passed on to the caller of this unit.
        catch (Exception exception)
        {
            failure = exception;
            return false;
        }
#pragma warning restore CA1031
        finally
        {
            unit?.End();
        }
    }

    public override void Complete()
    {
        if (failure is not null)
        {
            completion.SetException(failure);
            return;
        }

        if (!unit!.IsAbandoned)
        {
            unit.RaiseCommitted();
        }

        completion.SetResult(result!);
    }

    public override void Fail(Exception exception) => completion.SetException(failure ?? exception);
}
