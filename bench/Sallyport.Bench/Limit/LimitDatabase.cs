using SQLitePCL;

namespace Sallyport.Bench.Limit;

/// <summary>A SQLite file with the server's schema, and one connection with the server's settings.</summary>
internal sealed class LimitDatabase : IDisposable
{
    private readonly sqlite3 handle;

    private LimitDatabase(string file)
    {
        Check(raw.sqlite3_open(file, out handle), handle);
    }

    /// <summary>Opens the file; creates it as a copy of the server's file, so that tables and indexes are the same.</summary>
    public static LimitDatabase Open(string file, string copyOf)
    {
        Batteries_V2.Init();
        if (!File.Exists(file))
        {
            using var original = new LimitDatabase(copyOf);
            original.Execute($"VACUUM INTO '{file}'");
        }

        var database = new LimitDatabase(file);
        database.Execute("PRAGMA foreign_keys = ON");
        database.Execute("PRAGMA journal_mode = WAL");
        database.Execute("PRAGMA synchronous = FULL");
        database.Execute("PRAGMA wal_autocheckpoint = 4000");
        database.Execute("PRAGMA cache_size = -32768");
        database.Execute("PRAGMA temp_store = MEMORY");
        return database;
    }

    public void Execute(string sql) => Check(raw.sqlite3_exec(handle, sql), handle);

    public LimitStatement Compile(string sql)
    {
        Check(raw.sqlite3_prepare_v2(handle, sql, out var statement), handle);
        return new LimitStatement(handle, statement);
    }

    public void Dispose() => handle.Dispose();

    internal static void Check(int code, sqlite3 handle)
    {
        if (code is not (raw.SQLITE_OK or raw.SQLITE_ROW or raw.SQLITE_DONE))
        {
            throw new InvalidOperationException(raw.sqlite3_errmsg(handle).utf8_to_string());
        }
    }
}
