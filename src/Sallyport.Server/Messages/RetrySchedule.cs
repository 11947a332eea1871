using System.Security.Cryptography;

namespace Sallyport.Server.Messages;

/// <summary>When a message that was not delivered is tried again.</summary>
internal static class RetrySchedule
{
    /// <summary>With the pauses below, a message is tried for about six hours.</summary>
    public const int MaxAttempts = 16;

    /// <summary>
    /// More attempts do not count while the settings of the provider are wrong: they have reached the longest pause, and some are left for the
    /// time after the correction.
    /// </summary>
    public const int MaxMisconfiguredAttempts = 11;

    /// <summary>A message that does not expire waits so long for the correction of wrong settings.</summary>
    public static readonly TimeSpan MaxMisconfiguredAge = TimeSpan.FromDays(7);

    private const int JitterSteps = 1 << 16;

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    /// <summary>Doubles with each attempt. A random part of up to a half is taken off, so that messages that failed together are not tried together again.</summary>
    /// <param name="atLeast">As the provider asks for; more than the longest pause is not granted.</param>
    public static TimeSpan NextPause(long attempts, TimeSpan atLeast)
    {
        var pause = PauseAfter(attempts, (double)RandomNumberGenerator.GetInt32(JitterSteps) / JitterSteps);
        return pause > atLeast ? pause : TimeSpan.FromTicks(Math.Min(atLeast.Ticks, LongestPause.Ticks));
    }

    /// <param name="attempts">How often the message was tried.</param>
    /// <param name="jitter">From 0 to 1.</param>
    public static TimeSpan PauseAfter(long attempts, double jitter)
    {
        var doublings = Math.Min(attempts - 1, MaxAttempts);
        var pause = TimeSpan.FromSeconds(Math.Min(FirstPause.TotalSeconds * Math.Pow(2, doublings), LongestPause.TotalSeconds));
        return pause * (1 - (jitter / 2));
    }
}
