namespace Sallyport.Server.Http.RateLimiting;

/// <param name="Burst">Requests that a full bucket holds.</param>
/// <param name="Refill">In which one of them is refilled.</param>
internal readonly record struct RateLimit(int Burst, TimeSpan Refill)
{
    public static RateLimit PerSecond(int requests) => new(requests, TimeSpan.FromTicks(TimeSpan.TicksPerSecond / requests));

    /// <summary>A tenth of them at once.</summary>
    public static RateLimit PerMinute(int requests) =>
        new(Math.Max(1, requests / 10), TimeSpan.FromTicks(TimeSpan.TicksPerMinute / requests));
}
