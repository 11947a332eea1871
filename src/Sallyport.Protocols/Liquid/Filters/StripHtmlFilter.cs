using System.Text;

namespace Sallyport.Protocols.Liquid.Filters;

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
