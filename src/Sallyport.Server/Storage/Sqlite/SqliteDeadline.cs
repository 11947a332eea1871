using System.Diagnostics;
using SQLitePCL;

namespace Sallyport.Server.Storage.Sqlite;

/// <summary>
/// SQLite asks now and then whether it is to go on. The connection's own thread answers, so that an interrupt cannot come
/// late and hit the next statement.
/// </summary>
internal sealed class SqliteDeadline : IDisposable
{
    public const int Interrupted = raw.SQLITE_INTERRUPT;

    /// <summary>Some microseconds, but one that compares a long text with a pattern may take milliseconds.</summary>
    private const int InstructionsBetweenQuestions = 200;

    private readonly sqlite3 handle;

    public SqliteDeadline(sqlite3 handle, TimeSpan limit)
    {
        this.handle = handle;
        var started = Stopwatch.GetTimestamp();
        raw.sqlite3_progress_handler(
            handle, InstructionsBetweenQuestions, _ => Stopwatch.GetElapsedTime(started) > limit ? 1 : 0, null);
    }

    public void Dispose() => raw.sqlite3_progress_handler(handle, 0, null, null);
}
