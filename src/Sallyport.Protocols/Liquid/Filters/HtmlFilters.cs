using System.Net;
using System.Text;

namespace Sallyport.Protocols.Liquid.Filters;

/// <summary>
/// Filters that write or remove HTML. A marked character stays marked, because it is escaped where it is printed, for that place. If it were
/// escaped here, it would be escaped twice in a text, and a browser would unescape it in an event handler.
/// </summary>
internal static class HtmlFilters
{
    // The encoder of .NET would also replace every non-ASCII letter.
    private const string Special = "&<>\"'";

    private static readonly (string Opener, string Closer)[] Elements =
        [("<script", "</script>"), ("<!--", "-->"), ("<style", "</style>")];

    private static readonly (string Opener, string Closer)[] Tags = [("<", ">")];

    /// <summary>Replaces the characters with a meaning in HTML by character references.</summary>
    public static object? Escape(object? input, object?[] arguments, FilterScope scope) =>
        Escape(scope.Text(input), keepsReferences: false, scope);

    /// <summary>Escapes, but keeps character references. A marked reference becomes its character, marked.</summary>
    public static object? EscapeOnce(object? input, object?[] arguments, FilterScope scope) =>
        Escape(scope.Text(input), keepsReferences: true, scope);

    public static object? NewlineToBreak(object? input, object?[] arguments, FilterScope scope)
    {
        var text = scope.Text(input);
        if (!scope.Options.IsHtml)
        {
            return text;
        }

        var plain = MarkedText.Unmark(text);
        scope.Budget.RequireString(text.Length + (6L * plain.AsSpan().Count('\n')));
        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (plain[i] == '\n')
            {
                result.Append("<br />\n");
            }
            else if (plain[i] != '\r' || i + 1 == text.Length || plain[i + 1] != '\n')
            {
                result.Append(text[i]);
            }
        }

        return result.ToString();
    }

    /// <summary>Removes tags. This does not sanitize: the result must still be escaped.</summary>
    public static object? StripHtml(object? input, object?[] arguments, FilterScope scope)
    {
        var text = scope.Text(input);
        scope.Budget.ChargeText(2 * text.Length);
        return Remove(Remove(text, Elements), Tags);
    }

    private static string Escape(string text, bool keepsReferences, FilterScope scope)
    {
        scope.Budget.ChargeText(text.Length);
        if (!scope.Options.IsHtml || (!keepsReferences && text.AsSpan().IndexOfAny(Special) < 0))
        {
            return text;
        }

        var escaped = new StringBuilder(text.Length + 16);
        for (var i = 0; i < text.Length; i++)
        {
            var length = keepsReferences && MarkedText.Unmark(text[i]) == '&' ? LengthOfReference(text.AsSpan(i)) : 0;
            if (length > 0)
            {
                escaped.Append(Reference(text.Substring(i, length)));
                i += length - 1;
            }
            else if (Special.Contains(text[i]))
            {
                escaped.Append(Reference(text[i]));
            }
            else
            {
                escaped.Append(text[i]);
            }
        }

        scope.Budget.RequireString(escaped.Length);
        return escaped.ToString();
    }

    private static string Reference(char c) => c switch
    {
        '&' => "&amp;",
        '<' => "&lt;",
        '>' => "&gt;",
        '"' => "&quot;",
        _ => "&#39;",
    };

    private static string Reference(string reference) =>
        MarkedText.IsMark(reference[0]) ? MarkedText.Mark(WebUtility.HtmlDecode(MarkedText.Unmark(reference))) : reference;

    /// <summary>The length of a named or decimal character reference at the start of the text, or 0.</summary>
    private static int LengthOfReference(ReadOnlySpan<char> text)
    {
        var isNumeric = text.Length > 1 && text[1] == '#';
        var start = isNumeric ? 2 : 1;
        var end = start;
        while (end < text.Length && (isNumeric ? char.IsAsciiDigit(text[end]) : char.IsAsciiLetter(text[end])))
        {
            end++;
        }

        return end > start && end < text.Length && text[end] == ';' ? end + 1 : 0;
    }

    private static string Remove(string text, (string Opener, string Closer)[] kinds)
    {
        // If a closer was not found once, it is not there for later openers either; searching again would take quadratic time.
        var open = kinds.ToList();
        var plain = MarkedText.Unmark(text);
        var kept = new StringBuilder(text.Length);
        var start = 0;
        for (var at = plain.IndexOf('<', StringComparison.Ordinal); at >= 0 && open.Count > 0;)
        {
            var end = EndOf(plain, at, open);
            if (end >= 0)
            {
                kept.Append(text, start, at - start);
                start = end;
            }

            at = plain.IndexOf('<', Math.Max(start, at + (end < 0 ? 1 : 0)));
        }

        return kept.Append(text, start, text.Length - start).ToString();
    }

    private static int EndOf(string text, int at, List<(string Opener, string Closer)> open)
    {
        for (var i = 0; i < open.Count; i++)
        {
            var (opener, closer) = open[i];
            if (string.CompareOrdinal(text, at, opener, 0, opener.Length) != 0)
            {
                continue;
            }

            var close = text.IndexOf(closer, at + opener.Length, StringComparison.Ordinal);
            if (close >= 0)
            {
                return close + closer.Length;
            }

            open.RemoveAt(i--);
        }

        return -1;
    }
}
