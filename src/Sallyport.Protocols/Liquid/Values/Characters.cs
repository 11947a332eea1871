using System.Buffers;

namespace Sallyport.Protocols.Liquid.Values;

/// <summary>
/// Counts lengths and positions in code points, so that no filter splits a surrogate pair. A lone surrogate counts as one.
/// </summary>
internal static class CodePoints
{
    public static int Count(ReadOnlySpan<char> text)
    {
        var count = text.Length;
        if (!text.ContainsAnyInRange('\ud800', '\udbff'))
        {
            return count;
        }

        for (var i = 0; i + 1 < text.Length; i++)
        {
            if (char.IsSurrogatePair(text[i], text[i + 1]))
            {
                count--;
                i++;
            }
        }

        return count;
    }

    /// <summary>The part of the text with this start and length in code points; both may be beyond the end.</summary>
    public static string Slice(string text, long start, long length)
    {
        var from = Skip(text, 0, start);
        return text[from..Skip(text, from, length)];
    }

    /// <summary>The index that is a number of code points after an index.</summary>
    public static int Skip(ReadOnlySpan<char> text, int from, long count)
    {
        if (!text[from..].ContainsAnyInRange('\ud800', '\udbff'))
        {
            return (int)Math.Min(text.Length, from + Math.Clamp(count, 0, text.Length));
        }

        while (count-- > 0 && from < text.Length)
        {
            from += LengthAt(text, from);
        }

        return from;
    }

    public static int LengthAt(ReadOnlySpan<char> text, int index) =>
        index + 1 < text.Length && char.IsSurrogatePair(text[index], text[index + 1]) ? 2 : 1;
}

/// <summary>ASCII white space, as in Shopify's implementation, and its marks. A no-break space is not white space.</summary>
internal static class Whitespace
{
    public const string Characters = " \t\n\v\f\r\uFDDA\uFDDB\uFDDC\uFDDD\uFDDE";

    public static readonly SearchValues<char> Set = SearchValues.Create(Characters);

    public static bool Is(char c) => c is ' ' or (>= '\t' and <= '\r') or (>= MarkedText.BlankMark and <= MarkedText.LastBlankMark);

    /// <summary>A space that replaces another white space character, marked if that is marked.</summary>
    public static char Blank(char original) => MarkedText.IsMark(original) ? MarkedText.BlankMark : ' ';
}

/// <summary>
/// Searches and charges for the worst case, in which the time is proportional to the length of the text times that of the pattern.
/// </summary>
internal static class TextSearch
{
    private const int PatternCharactersForFree = 64;

    public static void Charge(string text, string pattern, Budget budget)
    {
        var comparisons = (long)Math.Max(0, text.Length - pattern.Length) * (1 + (pattern.Length / PatternCharactersForFree));
        budget.ChargeText((int)Math.Clamp(comparisons, Math.Max(text.Length, pattern.Length), int.MaxValue));
    }

    public static int Count(string text, string pattern, Budget budget)
    {
        Charge(text, pattern, budget);
        return MarkedText.Unmark(text).AsSpan().Count(MarkedText.Unmark(pattern));
    }

    public static int First(string text, string pattern, Budget budget)
    {
        Charge(text, pattern, budget);
        return MarkedText.Unmark(text).IndexOf(MarkedText.Unmark(pattern), StringComparison.Ordinal);
    }

    public static int Last(string text, string pattern, Budget budget)
    {
        Charge(text, pattern, budget);
        return pattern.Length == 0 ? text.Length : MarkedText.Unmark(text).LastIndexOf(MarkedText.Unmark(pattern), StringComparison.Ordinal);
    }
}
