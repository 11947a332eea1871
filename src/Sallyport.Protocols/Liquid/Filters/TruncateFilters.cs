using System.Text;
using Sallyport.Protocols.Liquid.Values;

namespace Sallyport.Protocols.Liquid.Filters;

internal static class TruncateFilters
{
    private const int DefaultLength = 50;
    private const int DefaultWords = 15;
    private const string DefaultEllipsis = "...";

    /// <summary>The ellipsis counts towards the length.</summary>
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

    /// <summary>White space between the words that stay becomes one space; text that is short enough stays as it is.</summary>
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

            words.Append(' ');
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
