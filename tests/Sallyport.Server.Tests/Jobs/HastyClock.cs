namespace Sallyport.Server.Tests.Jobs;

/// <summary>Each reading is a minute after the last, so every lease has expired when another worker sees it.</summary>
internal sealed class HastyClock : TimeProvider
{
    private long readings;

    public override DateTimeOffset GetUtcNow() => new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero).AddMinutes(Interlocked.Increment(ref readings));
}
