using System.Globalization;
using System.Text;

namespace Sallyport.Protocols.Liquid.Values;

/// <summary>
/// JSON that may stand in a script element or in a quoted attribute: whatever could end either is written as an escape, which JSON allows.
/// </summary>
internal static class JsonText
{
    public static string Of(object? value, Budget budget)
    {
        var text = new StringBuilder();
        Append(text, value, budget, 0);
        return text.ToString();
    }

    private static void Append(StringBuilder text, object? value, Budget budget, int depth)
    {
        budget.RequireNesting(depth);
        budget.Charge(1);
        var start = text.Length;
        switch (LiquidValue.From(value))
        {
            case null or PropertySource:
                text.Append("null");
                break;
            case bool flag:
                text.Append(flag ? "true" : "false");
                break;
            case IReadOnlyDictionary<string, object?> map:
                AppendMap(text, map, budget, depth + 1);
                return;
            case IReadOnlyList<object?> list:
                AppendList(text, list, budget, depth + 1);
                return;
            case long or double:
                text.Append(ValueText.Of(value, budget));
                break;
            case DateTimeOffset instant:
                AppendString(text, instant.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFFzzz", CultureInfo.InvariantCulture));
                break;
            case var other:
                AppendString(text, ValueText.Of(other, budget));
                break;
        }

        budget.ChargeText(text.Length - start);
        if (text.Length > budget.MaxStringLength)
        {
            budget.RequireString(text.Length);
        }
    }

    private static void AppendMap(StringBuilder text, IReadOnlyDictionary<string, object?> map, Budget budget, int depth)
    {
        text.Append('{');
        var isFirst = true;
        foreach (var (key, value) in map)
        {
            text.Append(isFirst ? "" : ",");
            AppendString(text, key);
            text.Append(':');
            Append(text, value, budget, depth);
            isFirst = false;
        }

        text.Append('}');
    }

    private static void AppendList(StringBuilder text, IReadOnlyList<object?> list, Budget budget, int depth)
    {
        text.Append('[');
        var isFirst = true;
        foreach (var value in list)
        {
            text.Append(isFirst ? "" : ",");
            Append(text, value, budget, depth);
            isFirst = false;
        }

        text.Append(']');
    }

    private static void AppendString(StringBuilder text, string value)
    {
        text.Append('"');
        for (var i = 0; i < value.Length; i++)
        {
            var c = value[i];
            if (c is '"' or '\\')
            {
                text.Append('\\').Append(c);
            }
            else if (c is '\n')
            {
                text.Append("\\n");
            }
            else if (char.IsSurrogate(c) && CodePoints.LengthAt(value, i) == 2)
            {
                text.Append(c).Append(value[++i]);
            }
            else if (c < ' ' || c is '<' or '>' or '&' or '\'' or '\u2028' or '\u2029' || char.IsSurrogate(c))
            {
                text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            }
            else
            {
                text.Append(c);
            }
        }

        text.Append('"');
    }
}
