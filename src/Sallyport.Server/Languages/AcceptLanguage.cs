using System.Globalization;

namespace Sallyport.Server.Languages;

/// <summary>The <c>Accept-Language</c> header (RFC 9110 section 12.5.4).</summary>
internal static class AcceptLanguage
{
    /// <summary>Limits the work for a long header.</summary>
    private const int MaxRanges = 32;

    /// <summary>
    /// Returns the tags, the preferred first, without those that are refused (<c>q=0</c>) or malformed. <c>*</c> is no language
    /// tag, so the caller ignores it and uses the default.
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
