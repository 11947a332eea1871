using System.Globalization;

namespace Sallyport.Server.Search;

/// <summary>The span of a date that may be partial: 2024-06 is all of June. In milliseconds since the Unix epoch.</summary>
/// <param name="End">The first instant after the span.</param>
internal readonly record struct InstantSpan(long Start, long End)
{
    private const DateTimeStyles Style = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;

    /// <summary>Accepted forms, with the length of the span of each.</summary>
    private static readonly (string Form, Func<DateTime, DateTime> Next)[] Forms =
    [
        ("yyyy", start => start.AddYears(1)),
        ("yyyy-MM", start => start.AddMonths(1)),
        ("yyyy-MM-dd", start => start.AddDays(1)),
        ("yyyy-MM-ddTHH", start => start.AddHours(1)),
        ("yyyy-MM-ddTHH:mmK", start => start.AddMinutes(1)),
        ("yyyy-MM-ddTHH:mm:ssK", start => start.AddSeconds(1)),
        ("yyyy-MM-ddTHH:mm:ss.FFFFFFFK", start => start.AddMilliseconds(1)),
    ];

    /// <param name="position">The position of the text in the query, from 1.</param>
    /// <exception cref="SearchException">It is not a date.</exception>
    public static InstantSpan Read(string text, int position) =>
        TryParse(text, out var span)
            ? span
            : throw new SearchException(position, "A date is written 2024, 2024-06, 2024-06-30 or 2024-06-30T12:00:00.000Z");

    public static bool TryParse(string text, out InstantSpan span)
    {
        foreach (var (form, next) in Forms)
        {
            if (DateTime.TryParseExact(text, form, CultureInfo.InvariantCulture, Style, out var start) && start < DateTime.MaxValue.AddYears(-1))
            {
                span = new InstantSpan(Milliseconds(start), Milliseconds(next(start)));
                return true;
            }
        }

        span = default;
        return false;
    }

    private static long Milliseconds(DateTime instant) => new DateTimeOffset(instant).ToUnixTimeMilliseconds();
}
