using System.Globalization;
using System.Text;

namespace Sallyport.Protocols.Liquid.Values;

/// <summary>The text of a value, as it is printed or used by filters.</summary>
internal static class ValueText
{
    public static string Of(object? value, Budget budget)
    {
        switch (LiquidValue.From(value))
        {
            case string text:
                return text;
            case null or EmptyKind or PropertySource:
                return "";
            case bool flag:
                return flag ? "true" : "false";
            case long number:
                return number.ToString(CultureInfo.InvariantCulture);
            case double number:
                return NumberText.Format(number);
            case DateTimeOffset instant:
                return instant.ToString("yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture).Remove(23, 1);
            case LiquidRange range:
                return range.ToString();
            default:
                return OfCollection(value, budget);
        }
    }

    private static string OfCollection(object? value, Budget budget)
    {
        var text = new StringBuilder();
        Append(text, value, budget, 0);
        budget.RequireString(text.Length);
        return text.ToString();
    }

    /// <summary>A list is the concatenation of its items; a map is written like a literal of Ruby.</summary>
    private static void Append(StringBuilder text, object? value, Budget budget, int depth)
    {
        budget.RequireNesting(depth);
        budget.Charge(1);
        switch (value)
        {
            case IReadOnlyDictionary<string, object?> map:
                var start = text.Length;
                AppendMap(text, map, budget, depth + 1);
                if (map is MarkedMap)
                {
                    // The quotes and arrows of the literal could end an attribute, too.
                    text.Append(MarkedText.Mark(Cut(text, start)));
                }

                break;
            case IReadOnlyList<object?> list and not LiquidRange:
                foreach (var item in list)
                {
                    Append(text, item, budget, depth + 1);
                }

                break;
            default:
                Grow(text, Of(value, budget), budget);
                break;
        }
    }

    private static string Cut(StringBuilder text, int start)
    {
        var end = text.ToString(start, text.Length - start);
        text.Length = start;
        return end;
    }

    private static void AppendMap(StringBuilder text, IReadOnlyDictionary<string, object?> map, Budget budget, int depth)
    {
        var separator = "{";
        foreach (var (key, value) in map)
        {
            Grow(text, separator, budget);
            AppendLiteral(text, key, budget, depth);
            Grow(text, "=>", budget);
            AppendLiteral(text, value, budget, depth);
            separator = ", ";
        }

        Grow(text, map.Count == 0 ? "{}" : "}", budget);
    }

    private static void AppendLiteral(StringBuilder text, object? value, Budget budget, int depth)
    {
        budget.RequireNesting(depth);
        budget.Charge(1);
        switch (value)
        {
            case null:
                Grow(text, "nil", budget);
                break;
            case string quoted:
                budget.RequireString(quoted.Length);
                var escaped = MarkedText.Unmark(quoted).Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
                Grow(text, $"\"{escaped}\"", budget);
                break;
            case IReadOnlyDictionary<string, object?> map:
                AppendMap(text, map, budget, depth + 1);
                break;
            case IReadOnlyList<object?> list and not LiquidRange:
                AppendListLiteral(text, list, budget, depth + 1);
                break;
            default:
                Grow(text, Of(value, budget), budget);
                break;
        }
    }

    private static void AppendListLiteral(StringBuilder text, IReadOnlyList<object?> list, Budget budget, int depth)
    {
        var separator = "[";
        foreach (var item in list)
        {
            Grow(text, separator, budget);
            AppendLiteral(text, item, budget, depth);
            separator = ", ";
        }

        Grow(text, list.Count == 0 ? "[]" : "]", budget);
    }

    private static void Grow(StringBuilder text, string part, Budget budget)
    {
        if (text.Length + part.Length > budget.MaxStringLength)
        {
            budget.RequireString((long)text.Length + part.Length);
        }

        text.Append(part);
    }
}
