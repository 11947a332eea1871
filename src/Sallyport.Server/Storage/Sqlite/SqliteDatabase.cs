using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Sallyport.Server.Storage.Sqlite;

/// <summary>One file, one writing thread, a pool of readers. Nothing to install.</summary>
internal sealed class SqliteDatabase : Database
{
    /// <summary>The checkpointer comes long before; this is for units of work that write more than a thousand others.</summary>
    private const int MaxPagesInLog = 16_000;

    /// <summary>The most that the writer keeps of the file in memory: indexes are written in no order.</summary>
    private const int WriterCacheKilobytes = 32 * 1024;

    private readonly string connectionString;
    private readonly string lockPath;
    private readonly SqliteWriter writer;
    private readonly ConcurrentBag<SqliteCommands> readers = [];

    /// <summary>Held, shared, by every process that uses the file.</summary>
    private FileStream usage;

    static SqliteDatabase()
    {
        // No connection is used by two threads at once, so none needs locks of its own; nor need all meet at one counter of memory.
        Batteries_V2.Init();
        raw.sqlite3_config(raw.SQLITE_CONFIG_MULTITHREAD);
        raw.sqlite3_config(raw.SQLITE_CONFIG_MEMSTATUS, 0);
    }

    public SqliteDatabase(string path)
        : base(Environment.ProcessorCount)
    {
        connectionString = new SqliteConnectionStringBuilder
        {
            DataSource = path,
            ForeignKeys = true,
            Pooling = false,
        }.ConnectionString;
        lockPath = path + ".lock";
        usage = Lock(FileShare.ReadWrite);
        if (!File.Exists(path))
        {
            // Made before SQLite opens it: its companions get the same rights.
            PrivateFiles.Create(path, FileMode.OpenOrCreate).Dispose();
        }

        writer = new SqliteWriter(OpenForWriting(), new SqliteCheckpointer(Open()));
    }

    public override Engine Engine => Engine.Sqlite;

    public override ValueTask<T> ReadAsync<T>(
        Func<Session, ValueTask<T>> work, CancellationToken cancellationToken) =>
        ReadAsync(commands => work(new SqliteSession(commands)), cancellationToken);

    /// <summary>SQLite works in the thread that asks: one of its own, or dear reads would leave none to answer other requests.</summary>
    protected override ValueTask<T> ReadLimitedAsync<T>(
        TimeSpan limit, Func<Session, ValueTask<T>> work, CancellationToken cancellationToken) =>
        ReadAsync(
            async commands => await Task.Factory.StartNew(
                () =>
                {
                    using var deadline = commands.StopAfter(limit);
                    return work(new SqliteSession(commands)).AsTask().GetAwaiter().GetResult();
                },
                cancellationToken,
                TaskCreationOptions.LongRunning | TaskCreationOptions.RunContinuationsAsynchronously,
                TaskScheduler.Default),
            cancellationToken);

    private async ValueTask<T> ReadAsync<T>(Func<SqliteCommands, ValueTask<T>> work, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!readers.TryTake(out var commands))
        {
            commands = Open();
        }

        try
        {
            return await work(commands);
        }
        finally
        {
            readers.Add(commands);
        }
    }

    public override ValueTask<T> WriteAsync<T>(
        Func<UnitOfWork, ValueTask<T>> work, CancellationToken cancellationToken) =>
        new(writer.WriteAsync(work, cancellationToken));

    public override ValueTask<bool> IsOnlyServerAsync(UnitOfWork unit, CancellationToken cancellationToken)
    {
        usage.Dispose();
        try
        {
            Lock(FileShare.None).Dispose();
            return ValueTask.FromResult(true);
        }
        catch (IOException)
        {
            return ValueTask.FromResult(false);
        }
        finally
        {
            usage = Lock(FileShare.ReadWrite);
        }
    }

    public override ValueTask DisposeAsync()
    {
        usage.Dispose();
        writer.Dispose();
        while (readers.TryTake(out var commands))
        {
            commands.Dispose();
        }

        return ValueTask.CompletedTask;
    }

    private FileStream Lock(FileShare share) => PrivateFiles.Open(lockPath, share);

    private SqliteCommands OpenForWriting()
    {
        var commands = Open();
        commands.Execute($"PRAGMA wal_autocheckpoint = {MaxPagesInLog}");
        commands.Execute($"PRAGMA cache_size = -{WriterCacheKilobytes}");
        // What a savepoint may have to undo: it would go to files in the system's temporary folder, ours and others' alike.
        commands.Execute("PRAGMA temp_store = MEMORY");
        return commands;
    }

    private SqliteCommands Open()
    {
        var connection = new SqliteConnection(connectionString);
        connection.Open();
        var commands = new SqliteCommands(connection);
        commands.Execute("PRAGMA busy_timeout = 10000");
        commands.Execute("PRAGMA journal_mode = WAL");
        // FULL: a commit that a client saw survives the loss of power.
        commands.Execute("PRAGMA synchronous = FULL");
        return commands;
    }
}
