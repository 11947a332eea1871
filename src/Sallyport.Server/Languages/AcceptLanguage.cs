using System.Globalization;

namespace Sallyport.Server.Languages;

/// <summary>The header by which a browser says what its owner reads (RFC 9110 section 12.5.4).</summary>
internal static class AcceptLanguage
{
    /// <summary>No person reads more, and a long header must not be work.</summary>
    private const int MaxRanges = 32;

    /// <summary>
    /// The best first. What is refused (<c>q=0</c>) or unreadable is left out. So is <c>*</c> in the end, as it is no tag:
    /// whoever takes anything gets the default.
    /// </summary>
    public static IReadOnlyList<string> Parse(string? header)
    {
        var ranges = new List<(string Tag, double Quality)>();
        foreach (var part in (header ?? "").AsSpan().Split(','))
        {
            if (TryReadRange(header.AsSpan(part), out var range))
            {
                ranges.Add(range);
            }

            if (ranges.Count == MaxRanges)
            {
                break;
            }
        }

        return [.. ranges.OrderByDescending(range => range.Quality).Select(range => range.Tag)];
    }

    private static bool TryReadRange(ReadOnlySpan<char> part, out (string Tag, double Quality) range)
    {
        var end = part.IndexOf(';');
        var tag = (end < 0 ? part : part[..end]).Trim();
        range = (tag.ToString(), 1);
        return !tag.IsEmpty && (end < 0 || TryReadQuality(part[(end + 1)..], out range.Quality));
    }

    private static bool TryReadQuality(ReadOnlySpan<char> parameter, out double quality)
    {
        quality = 0;
        parameter = parameter.Trim();
        return parameter.StartsWith("q=", StringComparison.OrdinalIgnoreCase)
            && double.TryParse(parameter[2..], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out quality)
            && quality is > 0 and <= 1;
    }
}
