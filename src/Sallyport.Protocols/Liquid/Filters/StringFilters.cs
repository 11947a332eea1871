using System.Text;
using Sallyport.Protocols.Liquid.Values;

namespace Sallyport.Protocols.Liquid.Filters;

internal static class StringFilters
{
    // Shopify's implementation strips NUL as well as white space.
    private const string Strippable = Whitespace.Characters + "\0";

    public static object? Append(object? input, object?[] arguments, FilterScope scope) =>
        Concat(scope.Text(input), scope.Text(arguments[0]), scope);

    public static object? Prepend(object? input, object?[] arguments, FilterScope scope) =>
        Concat(scope.Text(arguments[0]), scope.Text(input), scope);

    public static object? Capitalize(object? input, object?[] arguments, FilterScope scope)
    {
        var text = Paid(input, scope);
        var first = CodePoints.Skip(text, 0, 1);
        return text[..first].ToUpperInvariant() + text[first..].ToLowerInvariant();
    }

    public static object? Downcase(object? input, object?[] arguments, FilterScope scope) => Paid(input, scope).ToLowerInvariant();

    public static object? Upcase(object? input, object?[] arguments, FilterScope scope) => Paid(input, scope).ToUpperInvariant();

    public static object? Strip(object? input, object?[] arguments, FilterScope scope) =>
        Paid(input, scope).AsSpan().Trim(Strippable).ToString();

    public static object? StripLeft(object? input, object?[] arguments, FilterScope scope) =>
        Paid(input, scope).AsSpan().TrimStart(Strippable).ToString();

    public static object? StripRight(object? input, object?[] arguments, FilterScope scope) =>
        Paid(input, scope).AsSpan().TrimEnd(Strippable).ToString();

    public static object? StripNewlines(object? input, object?[] arguments, FilterScope scope) =>
        ReplaceFilters.Remove(ReplaceFilters.Remove(input, ["\r\n"], scope), ["\n"], scope);

    public static object? Squish(object? input, object?[] arguments, FilterScope scope)
    {
        var text = Paid(input, scope).AsSpan().Trim(Strippable);
        var squished = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (!Whitespace.Is(text[i]))
            {
                squished.Append(text[i]);
            }
            else if (!Whitespace.Is(text[i - 1]))
            {
                squished.Append(Whitespace.Blank(text[i]));
            }
        }

        return squished.ToString();
    }

    /// <summary>Takes items of a list, or characters of the text of any other value.</summary>
    public static object? Slice(object? input, object?[] arguments, FilterScope scope)
    {
        var start = NumberText.RequireInteger(arguments[0]);
        var length = arguments.Length > 1 && arguments[1] is not null ? NumberText.RequireInteger(arguments[1]) : 1;
        if (input is IReadOnlyList<object?> list)
        {
            scope.Budget.Charge(list.Count);
            var (from, count) = Clip(start, length, list.Count);
            return list.Skip(from).Take(count).ToArray();
        }

        var text = Paid(input, scope);
        var (first, characters) = Clip(start, length, CodePoints.Count(text));
        return CodePoints.Slice(text, first, characters);
    }

    /// <summary>A negative start counts from the end. A start outside the range takes nothing.</summary>
    private static (int Start, int Length) Clip(long start, long length, int available)
    {
        var from = start < 0 ? start + available : start;
        return from < 0 || from > available ? (0, 0) : ((int)from, (int)Math.Clamp(length, 0, available - from));
    }

    private static string Concat(string first, string second, FilterScope scope)
    {
        scope.Budget.RequireString((long)first.Length + second.Length);
        return first + second;
    }

    private static string Paid(object? input, FilterScope scope)
    {
        var text = scope.Text(input);
        scope.Budget.ChargeText(text.Length);
        return text;
    }
}

internal static class TruncateFilters
{
    private const int DefaultLength = 50;
    private const int DefaultWords = 15;
    private const string DefaultEllipsis = "...";

    /// <summary>The length includes the ellipsis.</summary>
    public static object? Truncate(object? input, object?[] arguments, FilterScope scope)
    {
        var text = scope.Text(input);
        scope.Budget.ChargeText(text.Length);
        var length = arguments.Length > 0 ? NumberText.RequireInteger(arguments[0]) : DefaultLength;
        var ellipsis = Ellipsis(arguments, scope);
        if (CodePoints.Count(text) <= length)
        {
            return text;
        }

        return Join(CodePoints.Slice(text, 0, Math.Max(0, length - CodePoints.Count(ellipsis))), ellipsis, scope);
    }

    /// <summary>Joins the kept words by single spaces. Text with few enough words is returned unchanged.</summary>
    public static object? TruncateWords(object? input, object?[] arguments, FilterScope scope)
    {
        var text = scope.Text(input);
        scope.Budget.ChargeText(text.Length);
        var left = Math.Max(1, arguments.Length > 0 ? NumberText.RequireInteger(arguments[0]) : DefaultWords);
        var words = new StringBuilder();
        var rest = text.AsSpan().TrimStart(Whitespace.Characters);
        while (true)
        {
            var end = rest.IndexOfAny(Whitespace.Set);
            if (end < 0)
            {
                return text;
            }

            words.Append(rest[..end]);
            if (--left == 0)
            {
                return Join(words.ToString(), Ellipsis(arguments, scope), scope);
            }

            words.Append(Whitespace.Blank(rest[end]));
            rest = rest[end..].TrimStart(Whitespace.Characters);
        }
    }

    private static string Ellipsis(object?[] arguments, FilterScope scope) =>
        arguments.Length > 1 ? scope.Text(arguments[1]) : DefaultEllipsis;

    private static string Join(string text, string ellipsis, FilterScope scope)
    {
        scope.Budget.RequireString((long)text.Length + ellipsis.Length);
        return text + ellipsis;
    }
}

internal static class SplitFilter
{
    /// <summary>An empty separator splits into characters, a space splits at any white space. Empty parts at the end are removed.</summary>
    public static object? Split(object? input, object?[] arguments, FilterScope scope)
    {
        var text = scope.Text(input);
        var separator = scope.Text(arguments[0]);
        TextSearch.Charge(text, separator, scope.Budget);
        var parts = MarkedText.Unmark(separator) switch
        {
            "" => Characters(text, scope.Budget),
            " " => Words(text, scope.Budget),
            var wanted => Parts(text, wanted, scope.Budget),
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
        var plain = MarkedText.Unmark(text);
        var parts = new List<object?>();
        var start = 0;
        for (var at = plain.IndexOf(separator, StringComparison.Ordinal);
            at >= 0;
            at = plain.IndexOf(separator, start, StringComparison.Ordinal))
        {
            budget.Charge(1);
            parts.Add(text[start..at]);
            start = at + separator.Length;
        }

        parts.Add(text[start..]);
        return parts;
    }
}
