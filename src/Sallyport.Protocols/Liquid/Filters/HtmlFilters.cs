using System.Text;

namespace Sallyport.Protocols.Liquid.Filters;

internal static class HtmlFilters
{
    // Only what has a meaning in HTML: the platform's encoder would also turn every letter beyond ASCII into an entity.
    private const string Special = "&<>\"'";

    public static object? Escape(object? input, object?[] arguments, FilterScope scope) => Escape(scope.Text(input), false, scope);

    /// <summary>Leaves the ampersands of character references alone.</summary>
    public static object? EscapeOnce(object? input, object?[] arguments, FilterScope scope) => Escape(scope.Text(input), true, scope);

    public static object? NewlineToBreak(object? input, object?[] arguments, FilterScope scope)
    {
        var text = scope.Text(input);
        scope.Budget.RequireString(text.Length + (6L * text.AsSpan().Count('\n')));
        return text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace("\n", "<br />\n", StringComparison.Ordinal);
    }

    private static string Escape(string text, bool once, FilterScope scope)
    {
        scope.Budget.ChargeText(text.Length);
        var next = text.AsSpan().IndexOfAny(Special);
        if (next < 0)
        {
            return text;
        }

        var escaped = new StringBuilder(text.Length + 16);
        var start = 0;
        for (; next >= 0; next = NextSpecial(text, start))
        {
            escaped.Append(text, start, next - start);
            escaped.Append(once && IsReference(text.AsSpan(next)) ? "&" : Entity(text[next]));
            start = next + 1;
        }

        escaped.Append(text, start, text.Length - start);
        scope.Budget.RequireString(escaped.Length);
        return escaped.ToString();
    }

    private static int NextSpecial(string text, int start)
    {
        var next = text.AsSpan(start).IndexOfAny(Special);
        return next < 0 ? -1 : start + next;
    }

    private static string Entity(char c) => c switch
    {
        '&' => "&amp;",
        '<' => "&lt;",
        '>' => "&gt;",
        '"' => "&quot;",
        _ => "&#39;",
    };

    /// <summary>A named or a decimal reference.</summary>
    private static bool IsReference(ReadOnlySpan<char> text)
    {
        if (text[0] != '&')
        {
            return false;
        }

        var isNumeric = text is ['&', '#', ..];
        var start = isNumeric ? 2 : 1;
        var end = start;
        while (end < text.Length && (isNumeric ? char.IsAsciiDigit(text[end]) : char.IsAsciiLetter(text[end])))
        {
            end++;
        }

        return end > start && end < text.Length && text[end] == ';';
    }
}

/// <summary>Makes text of markup. It is no sanitizer: what it leaves must still be escaped.</summary>
internal static class StripHtmlFilter
{
    private static readonly (string Opener, string Closer)[] Elements =
        [("<script", "</script>"), ("<!--", "-->"), ("<style", "</style>")];

    private static readonly (string Opener, string Closer)[] Tags = [("<", ">")];

    public static object? StripHtml(object? input, object?[] arguments, FilterScope scope)
    {
        var text = scope.Text(input);
        scope.Budget.ChargeText(2 * text.Length);
        return Remove(Remove(text, Elements), Tags);
    }

    private static string Remove(string text, (string Opener, string Closer)[] kinds)
    {
        // A closer that was not found once is not there for a later opener either; looking again would be quadratic.
        var open = kinds.ToList();
        var kept = new StringBuilder(text.Length);
        var start = 0;
        for (var at = text.IndexOf('<', StringComparison.Ordinal); at >= 0 && open.Count > 0;)
        {
            var end = EndOf(text, at, open);
            if (end >= 0)
            {
                kept.Append(text, start, at - start);
                start = end;
            }

            at = text.IndexOf('<', Math.Max(start, at + (end < 0 ? 1 : 0)));
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
