namespace Sallyport.Server.Storage.Sqlite;

/// <summary>
/// Copies what was committed from the write-ahead log into the file, beside the writer and not instead of it. SQLite starts
/// its log anew only when all of it is copied; what was added meanwhile is the writer's to copy: little, and soon done.
/// </summary>
internal sealed class SqliteCheckpointer : IDisposable
{
    /// <summary>Of tickets some 30 MB of log: a start after a crash reads it in a moment, and a page that many write is copied once.</summary>
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
            // The second time for what came during the first: what then is left to the writer is a few pages.
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
            // A full disk, most likely. Nothing is lost, and the next commit meets it too and tells its callers.
            return false;
        }
    }
}
