namespace Sallyport.Server.Storage.Sqlite;

/// <summary>A unit of work in the writer's queue. Its caller hears of the result only after the commit.</summary>
internal abstract class SqliteWork
{
    /// <returns>False where what the unit wrote is to be rolled back.</returns>
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
                throw new InvalidOperationException("A unit of work awaits nothing but its own statements.");
            }

            result = task.GetAwaiter().GetResult();
            return !unit.IsAbandoned;
        }
#pragma warning disable CA1031 // The failure is handed to the caller of this unit alone.
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
