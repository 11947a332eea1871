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
