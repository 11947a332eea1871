using System.Text;
using Sallyport.Protocols.Liquid.Values;

namespace Sallyport.Protocols.Liquid.Filters;

internal static class StringFilters
{
    // What the defining implementation strips besides white space.
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
        Paid(input, scope).Replace("\r\n", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal);

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
                squished.Append(' ');
            }
        }

        return squished.ToString();
    }

    /// <summary>Of a list, its items; of anything else, the characters of its text.</summary>
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

    /// <summary>A start below zero counts from the end, and one that is still outside takes nothing.</summary>
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
