using System.Text;
using Sallyport.Protocols.Liquid.Values;

namespace Sallyport.Protocols.Liquid.Filters;

internal static class ReplaceFilters
{
    public static object? Replace(object? input, object?[] arguments, FilterScope scope) =>
        ReplaceAll(scope.Text(input), scope.Text(arguments[0]), Replacement(arguments, scope), scope);

    public static object? Remove(object? input, object?[] arguments, FilterScope scope) =>
        ReplaceAll(scope.Text(input), scope.Text(arguments[0]), "", scope);

    public static object? ReplaceFirst(object? input, object?[] arguments, FilterScope scope)
    {
        var (text, pattern) = (scope.Text(input), scope.Text(arguments[0]));
        return ReplaceAt(text, TextSearch.First(text, pattern, scope.Budget), pattern, Replacement(arguments, scope), scope);
    }

    public static object? ReplaceLast(object? input, object?[] arguments, FilterScope scope)
    {
        var (text, pattern) = (scope.Text(input), scope.Text(arguments[0]));
        return ReplaceAt(text, TextSearch.Last(text, pattern, scope.Budget), pattern, Replacement(arguments, scope), scope);
    }

    public static object? RemoveFirst(object? input, object?[] arguments, FilterScope scope) =>
        ReplaceFirst(input, [arguments[0], null], scope);

    public static object? RemoveLast(object? input, object?[] arguments, FilterScope scope) =>
        ReplaceLast(input, [arguments[0], null], scope);

    private static string Replacement(object?[] arguments, FilterScope scope) => arguments.Length > 1 ? scope.Text(arguments[1]) : "";

    private static string ReplaceAll(string text, string pattern, string replacement, FilterScope scope)
    {
        if (pattern.Length == 0)
        {
            return Interleave(text, replacement, scope);
        }

        var count = TextSearch.Count(text, pattern, scope.Budget);
        scope.Budget.RequireString(text.Length + (count * ((long)replacement.Length - pattern.Length)));
        return count == 0 ? text : ReplaceAll(text, pattern, replacement);
    }

    private static string ReplaceAll(string text, string pattern, string replacement)
    {
        var (plain, wanted) = (MarkedText.Unmark(text), MarkedText.Unmark(pattern));
        var result = new StringBuilder(text.Length);
        var start = 0;
        for (var at = plain.IndexOf(wanted, StringComparison.Ordinal); at >= 0; at = plain.IndexOf(wanted, start, StringComparison.Ordinal))
        {
            result.Append(text, start, at - start).Append(replacement);
            start = at + wanted.Length;
        }

        return result.Append(text, start, text.Length - start).ToString();
    }

    /// <summary>The empty pattern matches before, between and after all characters.</summary>
    private static string Interleave(string text, string replacement, FilterScope scope)
    {
        var places = CodePoints.Count(text) + 1L;
        scope.Budget.RequireString(text.Length + (places * replacement.Length));
        var result = new StringBuilder(replacement);
        for (var i = 0; i < text.Length; i += CodePoints.LengthAt(text, i))
        {
            result.Append(text, i, CodePoints.LengthAt(text, i)).Append(replacement);
        }

        return result.ToString();
    }

    private static string ReplaceAt(string text, int index, string pattern, string replacement, FilterScope scope)
    {
        if (index < 0)
        {
            return text;
        }

        scope.Budget.RequireString((long)text.Length + replacement.Length);
        return string.Concat(text.AsSpan(0, index), replacement, text.AsSpan(index + pattern.Length));
    }
}
