using System.Buffers;
using System.Globalization;
using System.Text;

namespace Sallyport.Protocols.Liquid.Values;

/// <summary>
/// JSON for script elements and quoted attributes: characters that could end either are written as escapes (RFC 8259 section 7).
/// </summary>
internal static class JsonText
{
    // A lone surrogate is not a character and must be escaped.
    private static readonly char[] Escaped = [.. "\"\\<>&'\u2028\u2029", .. Characters(0, ' '), .. Characters('\ud800', 0x800)];

    private static readonly SearchValues<char> Special =
        SearchValues.Create([.. Escaped, .. Characters(0xFDD0, 0x20).Where(c => MarkedText.IsMark(c) && Escaped.Contains(MarkedText.Unmark(c)))]);

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
        var start = 0;
        for (var next = NextSpecial(value, 0); next >= 0; next = NextSpecial(value, start))
        {
            text.Append(value, start, next - start);
            var length = CodePoints.LengthAt(value, next);
            text.Append(length == 2 ? value.Substring(next, 2) : Escape(MarkedText.Unmark(value[next])));
            start = next + length;
        }

        text.Append(value, start, value.Length - start).Append('"');
    }

    private static IEnumerable<char> Characters(int first, int count) => Enumerable.Range(first, count).Select(c => (char)c);

    private static int NextSpecial(string value, int start)
    {
        var next = value.AsSpan(start).IndexOfAny(Special);
        return next < 0 ? -1 : start + next;
    }

    private static string Escape(char c) => c switch
    {
        '"' => "\\\"",
        '\\' => "\\\\",
        '\n' => "\\n",
        _ => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
    };
}
