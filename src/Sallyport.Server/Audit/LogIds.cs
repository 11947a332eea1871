using System.Globalization;
using System.Security.Cryptography;

namespace Sallyport.Server.Audit;

/// <summary>
/// Log ids as the published API shows them (docs/management-api.md §E.5): 56 decimal digits, <c>900</c>, the UTC instant to the
/// millisecond, then what keeps ids of one millisecond apart. Text order is the order of time, also where the clock is set back:
/// whoever reads on from an id misses nothing.
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

    /// <summary>No id of this instant or a later one comes before it.</summary>
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
