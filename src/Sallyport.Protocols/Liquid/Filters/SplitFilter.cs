using Sallyport.Protocols.Liquid.Values;

namespace Sallyport.Protocols.Liquid.Filters;

internal static class SplitFilter
{
    /// <summary>Nothing splits into characters, a space splits at any white space, and empty parts at the end are dropped.</summary>
    public static object? Split(object? input, object?[] arguments, FilterScope scope)
    {
        var text = scope.Text(input);
        var separator = scope.Text(arguments[0]);
        TextSearch.Charge(text, separator, scope.Budget);
        var parts = separator switch
        {
            "" => Characters(text, scope.Budget),
            " " => Words(text, scope.Budget),
            _ => Parts(text, separator, scope.Budget),
        };
        while (parts is [.., ""])
        {
            parts.RemoveAt(parts.Count - 1);
        }

        return parts;
    }

    private static List<object?> Characters(string text, Budget budget)
    {
        budget.Charge(text.Length);
        var parts = new List<object?>(text.Length);
        for (var i = 0; i < text.Length; i += CodePoints.LengthAt(text, i))
        {
            parts.Add(text.Substring(i, CodePoints.LengthAt(text, i)));
        }

        return parts;
    }

    private static List<object?> Words(string text, Budget budget)
    {
        var parts = new List<object?>();
        for (var i = 0; i < text.Length; i++)
        {
            var start = i;
            while (i < text.Length && !Whitespace.Is(text[i]))
            {
                i++;
            }

            if (i > start)
            {
                budget.Charge(1);
                parts.Add(text[start..i]);
            }
        }

        return parts;
    }

    private static List<object?> Parts(string text, string separator, Budget budget)
    {
        var parts = new List<object?>();
        var start = 0;
        for (var at = text.IndexOf(separator, StringComparison.Ordinal);
            at >= 0;
            at = text.IndexOf(separator, start, StringComparison.Ordinal))
        {
            budget.Charge(1);
            parts.Add(text[start..at]);
            start = at + separator.Length;
        }

        parts.Add(text[start..]);
        return parts;
    }
}
