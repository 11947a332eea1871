using System.Globalization;
using System.Text;

namespace Sallyport.Protocols.Liquid.Values;

/// <summary>
/// The C library's date format with the flags - _ 0 ^ # and a width, e.g. %-d, %^b, %10Y. What is no directive is printed as it stands.
/// </summary>
internal static class Strftime
{
    private const int MaxWidth = 1024;

    public static string Format(DateTimeOffset date, string format, Budget budget)
    {
        budget.ChargeText(format.Length);
        var text = new StringBuilder();
        for (var i = 0; i < format.Length; i++)
        {
            if (format[i] != '%')
            {
                text.Append(format[i]);
                continue;
            }

            var directive = Read(format, i + 1);
            if (directive.End < 0 || StrftimeField.Of(date, directive.Letter, directive.Colons) is not { } field)
            {
                text.Append('%');
                continue;
            }

            text.Append(Pad(field, directive));
            i = directive.End;
            if (text.Length > budget.MaxStringLength)
            {
                break;
            }
        }

        budget.RequireString(text.Length);
        return text.ToString();
    }

    private static Directive Read(string format, int at)
    {
        var flags = at;
        while (at < format.Length && format[at] is '-' or '_' or '0' or '^' or '#')
        {
            at++;
        }

        var digits = at;
        while (at < format.Length && char.IsAsciiDigit(format[at]))
        {
            at++;
        }

        var colons = at;
        while (at < format.Length && format[at] == ':')
        {
            at++;
        }

        return at >= format.Length
            ? new Directive("", 0, 0, '\0', -1)
            : new Directive(format[flags..digits], Width(format.AsSpan(digits, colons - digits)), at - colons, format[at], at);
    }

    private static int Width(ReadOnlySpan<char> digits)
    {
        if (digits.IsEmpty)
        {
            return 0;
        }

        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var width) && width <= MaxWidth
            ? width
            : throw new LiquidFault($"a date field is wider than {MaxWidth} characters");
    }

    private static string Pad(StrftimeField field, Directive directive)
    {
        var (text, width, fill) = (field.Text, field.Width, field.Fill);
        foreach (var flag in directive.Flags)
        {
            switch (flag)
            {
                case '-':
                    width = 0;
                    break;
                case '_' or '0':
                    fill = flag == '_' ? ' ' : '0';
                    break;
                case '^':
                    text = text.ToUpperInvariant();
                    break;
                case '#':
                    text = text.Any(char.IsLower) ? text.ToUpperInvariant() : text.ToLowerInvariant();
                    break;
            }
        }

        width = directive.Width > 0 ? directive.Width : width;
        return fill == '0' && text is ['-' or '+', ..]
            ? text[0] + text[1..].PadLeft(Math.Max(0, width - 1), '0')
            : text.PadLeft(width, fill);
    }

    private readonly record struct Directive(string Flags, int Width, int Colons, char Letter, int End);
}
