using System.Diagnostics;
using System.Globalization;

namespace Sallyport.Bench.Outbox;

/// <summary>Waits for a number of different messages, and measures their rate from the first to the last.</summary>
internal sealed class Arrivals(int count)
{
    private readonly Lock gate = new();
    private readonly HashSet<string> ids = new(count, StringComparer.Ordinal);
    private readonly TaskCompletionSource complete = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int messages;
    private long first;
    private long last;

    public Task Complete => complete.Task;

    public void Add(string id)
    {
        lock (gate)
        {
            last = Stopwatch.GetTimestamp();
            first = messages++ == 0 ? last : first;
            ids.Add(id);
            if (ids.Count == count)
            {
                complete.TrySetResult();
            }
        }
    }

    /// <returns><c>messages distinct seconds</c>.</returns>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{messages} {ids.Count} {Stopwatch.GetElapsedTime(first, last).TotalSeconds:F3}");
}
