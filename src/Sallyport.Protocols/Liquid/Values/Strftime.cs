using System.Globalization;
using System.Text;

namespace Sallyport.Protocols.Liquid.Values;

/// <summary>
/// The date format of the C library, with the flags - _ 0 ^ # and a width: %-d, %^b, %10Y. Unknown directives are printed unchanged.
/// </summary>
internal static class Strftime
{
    private const int MaxWidth = 1024;

    public static string Format(DateTimeOffset date, string format, Budget budget, Func<string, string> mark)
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

            text.Append(mark(Pad(field, directive)));
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

/// <summary>A field of a date, before flags are applied.</summary>
internal readonly record struct StrftimeField(string Text, int Width, char Fill)
{
    /// <summary>Returns null if no field has this letter.</summary>
    public static StrftimeField? Of(DateTimeOffset date, char letter, int colons)
    {
        if (colons > 0)
        {
            return letter == 'z' && colons <= 2 ? Words(Offset(date, colons)) : null;
        }

        return OfDate(date, letter) ?? OfTime(date, letter) ?? OfCombination(date, letter);
    }

    private static StrftimeField? OfDate(DateTimeOffset date, char letter) => letter switch
    {
        'Y' => Digits(date.Year, 4),
        'C' => Digits(date.Year / 100, 2),
        'y' => Digits(date.Year % 100, 2),
        'm' => Digits(date.Month, 2),
        'B' => Words(Name(date, "MMMM")),
        'b' or 'h' => Words(Name(date, "MMM")),
        'd' => Digits(date.Day, 2),
        'e' => Spaced(date.Day, 2),
        'j' => Digits(date.DayOfYear, 3),
        'A' => Words(Name(date, "dddd")),
        'a' => Words(Name(date, "ddd")),
        'u' => Digits(date.DayOfWeek == DayOfWeek.Sunday ? 7 : (int)date.DayOfWeek, 1),
        'w' => Digits((int)date.DayOfWeek, 1),
        'G' => Digits(ISOWeek.GetYear(date.DateTime), 4),
        'g' => Digits(ISOWeek.GetYear(date.DateTime) % 100, 2),
        'V' => Digits(ISOWeek.GetWeekOfYear(date.DateTime), 2),
        'U' => Digits((date.DayOfYear + 6 - (int)date.DayOfWeek) / 7, 2),
        'W' => Digits((date.DayOfYear + 6 - (((int)date.DayOfWeek + 6) % 7)) / 7, 2),
        _ => null,
    };

    private static StrftimeField? OfTime(DateTimeOffset date, char letter) => letter switch
    {
        'H' => Digits(date.Hour, 2),
        'k' => Spaced(date.Hour, 2),
        'I' => Digits(Hour12(date), 2),
        'l' => Spaced(Hour12(date), 2),
        'M' => Digits(date.Minute, 2),
        'S' => Digits(date.Second, 2),
        'L' => Digits(date.Millisecond, 3),
        'N' => Digits(date.Ticks % TimeSpan.TicksPerSecond * 100, 9),
        'p' => Words(date.Hour < 12 ? "AM" : "PM"),
        'P' => Words(date.Hour < 12 ? "am" : "pm"),
        'z' => new(Offset(date, 0), 5, '0'),
        'Z' => Words(date.Offset == TimeSpan.Zero ? "UTC" : Offset(date, 1)),
        's' => Digits(date.ToUnixTimeSeconds(), 1),
        _ => null,
    };

    private static StrftimeField? OfCombination(DateTimeOffset date, char letter) => letter switch
    {
        'c' => Words(Name(date, "ddd MMM ") + Spaced(date.Day, 2).Text.PadLeft(2) + Name(date, " HH:mm:ss yyyy")),
        'D' or 'x' => Words(Name(date, "MM'/'dd'/'yy")),
        'F' => Words(Name(date, "yyyy'-'MM'-'dd")),
        'T' or 'X' => Words(Name(date, "HH':'mm':'ss")),
        'R' => Words(Name(date, "HH':'mm")),
        'r' => Words(Name(date, "hh':'mm':'ss ") + (date.Hour < 12 ? "AM" : "PM")),
        'v' => Words(date.Day.ToString(CultureInfo.InvariantCulture).PadLeft(2) + Name(date, "'-'MMM'-'yyyy").ToUpperInvariant()),
        '+' => Words(Name(date, "ddd MMM ") + Spaced(date.Day, 2).Text.PadLeft(2) + Name(date, " HH:mm:ss ")
            + (date.Offset == TimeSpan.Zero ? "UTC" : Offset(date, 1)) + Name(date, " yyyy")),
        'n' => Words("\n"),
        't' => Words("\t"),
        '%' => Words("%"),
        _ => null,
    };

    private static int Hour12(DateTimeOffset date) => ((date.Hour + 11) % 12) + 1;

    private static string Name(DateTimeOffset date, string format) => date.ToString(format, CultureInfo.InvariantCulture);

    private static string Offset(DateTimeOffset date, int colons)
    {
        var colon = colons > 0 ? ":" : "";
        var offset = date.Offset.Duration();
        var seconds = colons > 1 ? ":00" : "";
        return $"{(date.Offset < TimeSpan.Zero ? '-' : '+')}{offset.Hours:00}{colon}{offset.Minutes:00}{seconds}";
    }

    private static StrftimeField Digits(long value, int width) => new(value.ToString(CultureInfo.InvariantCulture), width, '0');

    private static StrftimeField Spaced(long value, int width) => new(value.ToString(CultureInfo.InvariantCulture), width, ' ');

    private static StrftimeField Words(string text) => new(text, 0, ' ');
}
