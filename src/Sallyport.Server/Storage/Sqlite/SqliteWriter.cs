using System.Threading.Channels;

namespace Sallyport.Server.Storage.Sqlite;

/// <summary>
/// The one thread that writes. Units of work that wait at the same time share a transaction, and so a flush to
/// the disk; each has a savepoint of its own, so that the failure of one is not felt by its neighbours.
/// </summary>
internal sealed class SqliteWriter : IDisposable
{
    private const int MaxUnitsInTransaction = 256;

    private readonly Channel<SqliteWork> queue = Channel.CreateUnbounded<SqliteWork>(new() { SingleReader = true });
    private readonly SqliteCommands commands;
    private readonly Thread thread;

    public SqliteWriter(SqliteCommands commands)
    {
        this.commands = commands;
        thread = new Thread(Run) { IsBackground = true, Name = "sqlite-writer" };
        thread.Start();
    }

    public async ValueTask<T> WriteAsync<T>(Func<UnitOfWork, ValueTask<T>> work, CancellationToken cancellationToken)
    {
        var item = new SqliteWork<T>(work, cancellationToken);
        await queue.Writer.WriteAsync(item, cancellationToken);
        return await item.Completion;
    }

    public void Dispose()
    {
        queue.Writer.TryComplete();
        thread.Join();
        commands.Dispose();
    }

    private void Run()
    {
        var units = new List<SqliteWork>(MaxUnitsInTransaction);
        while (queue.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            while (units.Count < MaxUnitsInTransaction && queue.Reader.TryRead(out var unit))
            {
                units.Add(unit);
            }

            RunTogether(units);
            units.Clear();
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
