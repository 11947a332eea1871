using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Sallyport.Server.Storage.Sqlite;

/// <summary>One file, one writing thread, a pool of readers. Nothing to install.</summary>
internal sealed class SqliteDatabase : Database
{
    /// <summary>The checkpointer usually runs long before; this limit is for single units of work that write very much.</summary>
    private const int MaxPagesInLog = 16_000;

    /// <summary>The writer's page cache. It is large because writes to indexes are scattered.</summary>
    private const int WriterCacheKilobytes = 32 * 1024;

    private readonly string connectionString;
    private readonly string lockPath;
    private readonly SqliteWriter writer;
    private readonly ConcurrentBag<SqliteCommands> readers = [];

    /// <summary>Held, shared, by every process that uses the file.</summary>
    private FileStream usage;

    static SqliteDatabase()
    {
        // No connection is used by two threads at once, so SQLite's own locks and its shared memory statistics are not needed.
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
            // Created before SQLite opens it: its journal files get the same permissions.
            PrivateFiles.Create(path, FileMode.OpenOrCreate).Dispose();
        }

        writer = new SqliteWriter(OpenForWriting(), new SqliteCheckpointer(Open()));
    }

    public override Engine Engine => Engine.Sqlite;

    public override ValueTask<T> ReadAsync<T>(
        Func<Session, ValueTask<T>> work, CancellationToken cancellationToken) =>
        ReadAsync(commands => work(new SqliteSession(commands)), cancellationToken);

    /// <summary>SQLite runs on the calling thread, so expensive reads get separate threads and do not exhaust the thread pool.</summary>
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

    public override ValueTask<T> ReadSnapshotAsync<T>(
        Func<Session, ValueTask<T>> work, CancellationToken cancellationToken) =>
        ReadAsync(
            async commands =>
            {
                commands.Execute("BEGIN");
                try
                {
                    return await work(new SqliteSession(commands));
                }
                finally
                {
                    commands.Execute("ROLLBACK");
                }
            },
            cancellationToken);

    public override ValueTask<T> WriteAsync<T>(
        Func<UnitOfWork, ValueTask<T>> work, CancellationToken cancellationToken) =>
        new(writer.WriteAsync(work, cancellationToken));

    /// <summary>Writes a copy of the database as it is now. Other processes can write meanwhile.</summary>
    /// <param name="path">An empty file, or none.</param>
    /// <param name="progress">Gets the part that is copied, from 0 to 1.</param>
    public Task CopyAsync(string path, Action<double?> progress, CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            using var commands = Open();
            commands.CopyTo(path, progress, cancellationToken);
        },
        cancellationToken);

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
        // Otherwise the undo log of a savepoint goes to files in the system's shared temporary folder.
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
        // FULL: a commit that a client was told of survives a power failure.
        commands.Execute("PRAGMA synchronous = FULL");
        return commands;
    }
}
