namespace Sallyport.Server.Tests.Hosting;

/// <summary>A clock that stands still until a test moves it, or lets it run. Timers run in real time, or faster by <see cref="TimerSpeed"/>.</summary>
internal sealed class ManualClock : TimeProvider
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly Lock gate = new();
    private DateTimeOffset fixedTime = Start;
    private TimeSpan ahead;
    private bool runs;

    /// <summary>How many times as fast new timers run, for tests of pauses and time limits.</summary>
    public int TimerSpeed { get; set; } = 1;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        System.CreateTimer(callback, state, Scale(dueTime), Scale(period));

    public override DateTimeOffset GetUtcNow()
    {
        lock (gate)
        {
            return (runs ? System.GetUtcNow() : fixedTime) + ahead;
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
            (fixedTime, ahead, runs) = (instant, TimeSpan.Zero, false);
        }
    }

    /// <summary>Follows the system clock from now on, for clients with timers of their own.</summary>
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
