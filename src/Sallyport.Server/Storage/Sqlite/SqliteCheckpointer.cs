namespace Sallyport.Server.Storage.Sqlite;

/// <summary>
/// Copies committed pages from the write-ahead log into the database file while the writer continues. SQLite restarts the log only
/// when all of it is copied, so the writer copies the few pages that were added meanwhile.
/// </summary>
internal sealed class SqliteCheckpointer : IDisposable
{
    /// <summary>About 30 MB of log when tickets are created: recovery after a crash stays fast, and a page that many units write is copied once.</summary>
    private const int UnitsBetweenCheckpoints = 2000;

    private readonly AutoResetEvent isDue = new(initialState: false);
    private readonly SqliteCommands commands;
    private readonly Thread thread;
    private int units;
    private volatile bool hasCopied;
    private volatile bool isClosed;

    public SqliteCheckpointer(SqliteCommands commands)
    {
        this.commands = commands;
        thread = new Thread(Run) { IsBackground = true, Name = "sqlite-checkpoint" };
        thread.Start();
    }

    /// <summary>Called by the writer between two transactions.</summary>
    public void AfterCommit(SqliteCommands writer, int committed)
    {
        units += committed;
        if (hasCopied)
        {
            hasCopied = false;
            units = 0;
            TryCopy(writer);
        }
        else if (units >= UnitsBetweenCheckpoints)
        {
            units = 0;
            isDue.Set();
        }
    }

    public void Dispose()
    {
        isClosed = true;
        isDue.Set();
        thread.Join();
        commands.Dispose();
        isDue.Dispose();
    }

    private void Run()
    {
        while (isDue.WaitOne() && !isClosed)
        {
            // The second run copies what was committed during the first, so that only a few pages are left to the writer.
            hasCopied = TryCopy(commands) && TryCopy(commands);
        }
    }

    private static bool TryCopy(SqliteCommands commands)
    {
        try
        {
            commands.Execute("PRAGMA wal_checkpoint(PASSIVE)");
            return true;
        }
        catch (Microsoft.Data.Sqlite.SqliteException)
        {
            // Most likely the disk is full. Nothing is lost, and the next commit fails too and reports it to its callers.
            return false;
        }
    }
}
