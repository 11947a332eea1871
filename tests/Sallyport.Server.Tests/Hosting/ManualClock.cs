namespace Sallyport.Server.Tests.Hosting;

/// <summary>A clock that stands still until a test moves it, or lets it run. Timers run in real time, or faster by <see cref="TimerSpeed"/>.</summary>
internal sealed class ManualClock : TimeProvider
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly Lock gate = new();
    private DateTimeOffset stands = Start;
    private TimeSpan ahead;
    private bool runs;

    /// <summary>New timers run so many times as fast, for tests of pauses and time limits.</summary>
    public int TimerSpeed { get; set; } = 1;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        System.CreateTimer(callback, state, Scale(dueTime), Scale(period));

    public override DateTimeOffset GetUtcNow()
    {
        lock (gate)
        {
            return (runs ? System.GetUtcNow() : stands) + ahead;
        }
    }

    public void Advance(TimeSpan by)
    {
        lock (gate)
        {
            ahead += by;
        }
    }

    public void Set(DateTimeOffset instant)
    {
        lock (gate)
        {
            (stands, ahead, runs) = (instant, TimeSpan.Zero, false);
        }
    }

    /// <summary>With the time of day, from now on: what a client and the server do together may hold pauses of theirs.</summary>
    public void Run()
    {
        lock (gate)
        {
            ahead = runs ? ahead : TimeSpan.Zero;
            runs = true;
        }
    }

    private TimeSpan Scale(TimeSpan time) => time == Timeout.InfiniteTimeSpan ? time : time / TimerSpeed;
}
