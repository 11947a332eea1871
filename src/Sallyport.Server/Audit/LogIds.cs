using System.Globalization;
using System.Security.Cryptography;

namespace Sallyport.Server.Audit;

/// <summary>
/// Log ids as the published API shows them (management-api E.5): 56 decimal digits, <c>900</c>, the UTC instant to the
/// millisecond, then what keeps ids of one millisecond apart. Text order is the order of time.
/// </summary>
internal sealed class LogIds
{
    private const int CounterDigits = 18;
    private const int NodeDigits = 18;

    private readonly string node = RandomNumberGenerator.GetString("0123456789", NodeDigits);
    private long counter;

    public string Next(DateTimeOffset now)
    {
        var number = Interlocked.Increment(ref counter).ToString("D" + CounterDigits, CultureInfo.InvariantCulture);
        return string.Concat("900", now.UtcDateTime.ToString("yyyyMMddHHmmssfff", CultureInfo.InvariantCulture), number, node);
    }
}
