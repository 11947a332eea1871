using System.Diagnostics;

namespace Sallyport.Bench;

/// <summary>The measurements of one client.</summary>
internal sealed class Recorder(Window window)
{
    private const int MaxPrintedErrors = 3;

    private readonly SortedDictionary<string, Histogram> requests = new(StringComparer.Ordinal);

    public Histogram Whole { get; } = new();

    public IReadOnlyDictionary<string, Histogram> Requests => requests;

    public long Errors { get; private set; }

    /// <summary>Records one of several requests of an operation.</summary>
    /// <returns>The end of the request, which is the start of the next one.</returns>
    public long Request(string name, long started)
    {
        var now = Stopwatch.GetTimestamp();
        if (window.Counts(now))
        {
            Of(name).Add(Stopwatch.GetElapsedTime(started, now));
        }

        return now;
    }

    public void Operation(long started)
    {
        var now = Stopwatch.GetTimestamp();
        if (window.Counts(now))
        {
            Whole.Add(Stopwatch.GetElapsedTime(started, now));
        }
    }

    /// <summary>Records an event that a socket received, usually after the request that caused it was answered.</summary>
    public void Add(long sentAt, long answeredAt, long receivedAt)
    {
        Whole.Add(Stopwatch.GetElapsedTime(sentAt, receivedAt));
        Of("event-after-answer").Add(Stopwatch.GetElapsedTime(answeredAt, Math.Max(answeredAt, receivedAt)));
    }

    /// <summary>Errors count at any time, including the warm-up.</summary>
    public void Error(string what)
    {
        if (Errors++ < MaxPrintedErrors)
        {
            Console.Error.WriteLine(what);
        }
    }

    public void Add(Recorder other)
    {
        Whole.Add(other.Whole);
        Errors += other.Errors;
        foreach (var (name, histogram) in other.requests)
        {
            Of(name).Add(histogram);
        }
    }

    private Histogram Of(string name)
    {
        if (!requests.TryGetValue(name, out var histogram))
        {
            requests.Add(name, histogram = new Histogram());
        }

        return histogram;
    }
}
