using System.Diagnostics;

namespace Sallyport.Bench;

/// <summary>The measured time. It ends early when the prepared input is used up.</summary>
internal sealed class Window(long start, long end)
{
    private long end = end;

    public bool IsOver => Stopwatch.GetTimestamp() >= Volatile.Read(ref end);

    public TimeSpan Length => Stopwatch.GetElapsedTime(start, Math.Max(start, Volatile.Read(ref end)));

    public static Window After(TimeSpan warmUp, TimeSpan length)
    {
        var start = Stopwatch.GetTimestamp() + Units(warmUp);
        return new Window(start, start + Units(length));
    }

    public bool Counts(long instant) => instant >= start && instant < Volatile.Read(ref end);

    public void End() => Interlocked.CompareExchange(ref end, Math.Min(end, Stopwatch.GetTimestamp()), end);

    private static long Units(TimeSpan duration) => (long)(duration.TotalSeconds * Stopwatch.Frequency);
}
