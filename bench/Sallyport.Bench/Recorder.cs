using System.Diagnostics;

namespace Sallyport.Bench;

/// <summary>What one client saw in the time that counts.</summary>
internal sealed class Recorder(Window window)
{
    private const int MaxComplaints = 3;

    private readonly SortedDictionary<string, Histogram> requests = new(StringComparer.Ordinal);

    public Histogram Whole { get; } = new();

    public IReadOnlyDictionary<string, Histogram> Requests => requests;

    public long Errors { get; private set; }

    /// <summary>One request of several that make an operation.</summary>
    /// <returns>When it ended, which is when the next one starts.</returns>
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

    /// <summary>An event that is heard after something was sent and, mostly, after it was answered.</summary>
    public void Add(long sentAt, long answeredAt, long toldAt)
    {
        Whole.Add(Stopwatch.GetElapsedTime(sentAt, toldAt));
        Of("event-after-answer").Add(Stopwatch.GetElapsedTime(answeredAt, Math.Max(answeredAt, toldAt)));
    }

    /// <summary>Errors count at any time, in the warm-up too.</summary>
    public void Error(string what)
    {
        if (Errors++ < MaxComplaints)
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
