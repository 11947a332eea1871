using System.Globalization;
using System.Security.Cryptography;

namespace Sallyport.Server.Audit;

/// <summary>
/// Makes log ids in the form of the published API (docs/management-api.md §E.5): 56 decimal digits, which are <c>900</c>, the UTC instant to the
/// millisecond, and digits that make ids of one millisecond different. Text order is the order of time, even if the clock is set
/// back, so a reader that continues after an id misses nothing.
/// </summary>
internal sealed class LogIds
{
    public const int Length = 56;

    private const int CounterDigits = 18;
    private const int NodeDigits = 18;

    private readonly string node = RandomNumberGenerator.GetString("0123456789", NodeDigits);
    private long counter;
    private long latest;

    public string Next(DateTimeOffset now)
    {
        var number = Interlocked.Increment(ref counter).ToString("D" + CounterDigits, CultureInfo.InvariantCulture);
        return string.Concat(Beginning(Forward(now)), number, node);
    }

    /// <summary>All ids of this instant and later ones are greater.</summary>
    public static string Lowest(DateTimeOffset instant) => Beginning(instant).PadRight(Length, '0');

    private static string Beginning(DateTimeOffset instant) =>
        "900" + instant.UtcDateTime.ToString("yyyyMMddHHmmssfff", CultureInfo.InvariantCulture);

    private DateTimeOffset Forward(DateTimeOffset now)
    {
        var ticks = now.UtcTicks;
        while (true)
        {
            var seen = Interlocked.Read(ref latest);
            if (seen >= ticks)
            {
                return new DateTimeOffset(seen, TimeSpan.Zero);
            }

            if (Interlocked.CompareExchange(ref latest, ticks, seen) == seen)
            {
                return now;
            }
        }
    }
}
