using System.Globalization;

namespace Sallyport.Protocols.Liquid.Values;

internal static class NumberText
{
    // Text beyond it is not read: no finite number is so long.
    private const int LongestNumber = 400;

    private const double FirstScientific = 1e16;
    private const double LastScientific = 1e-4;

    /// <summary>A whole text of digits, point and digits is a float; otherwise the leading integer counts, or zero.</summary>
    public static Number Parse(ReadOnlySpan<char> text)
    {
        var trimmed = text[..Math.Min(text.Length, LongestNumber)].Trim(Whitespace.Characters);
        var sign = trimmed is ['-' or '+', ..] ? 1 : 0;
        var digits = DigitsEnd(trimmed, sign);
        if (digits > sign && digits + 1 < trimmed.Length && trimmed[digits] == '.' && DigitsEnd(trimmed, digits + 1) == trimmed.Length)
        {
            return new Number(double.Parse(trimmed, CultureInfo.InvariantCulture));
        }

        return digits > sign ? ParseDigits(trimmed[..digits]) : new Number(0L);
    }

    /// <summary>Only an integer will do, as a number or as text.</summary>
    public static long RequireInteger(object? value)
    {
        switch (LiquidValue.From(value))
        {
            case long integer:
                return integer;
            case string { Length: <= LongestNumber } text when long.TryParse(
                text.AsSpan().Trim(Whitespace.Characters), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var parsed):
                return parsed;
            default:
                throw new LiquidFault("invalid integer");
        }
    }

    /// <summary>Any number, text or null will do; fractions are cut off.</summary>
    public static long ToInteger(object? value)
    {
        switch (LiquidValue.From(value))
        {
            case null or string or long or double or EmptyKind:
                var number = Number.From(value);
                return number.IsInteger ? number.Integer : (long)Math.Clamp(number.Real, long.MinValue, long.MaxValue);
            default:
                throw new LiquidFault("invalid integer");
        }
    }

    /// <summary>Shortest text that reads back the same, always with a point: 5.0, 1.0e+20.</summary>
    public static string Format(double value)
    {
        var shortest = value.ToString("R", CultureInfo.InvariantCulture);
        var exponentAt = shortest.IndexOf('E', StringComparison.Ordinal);
        if (value == 0 || Math.Abs(value) is >= LastScientific and < FirstScientific)
        {
            return exponentAt < 0 ? WithPoint(shortest) : value.ToString("0.0", CultureInfo.InvariantCulture);
        }

        if (exponentAt < 0)
        {
            return Scientific(shortest);
        }

        var exponent = int.Parse(shortest.AsSpan(exponentAt + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        return Scientific(shortest[..exponentAt], exponent);
    }

    /// <summary>Of a number so large that its shortest text has no point.</summary>
    private static string Scientific(string digits)
    {
        var first = digits[0] == '-' ? 2 : 1;
        var fraction = digits[first..].TrimEnd('0');
        return Scientific(fraction.Length == 0 ? digits[..first] : $"{digits[..first]}.{fraction}", digits.Length - first);
    }

    private static string Scientific(string mantissa, int exponent) =>
        WithPoint(mantissa) + "e" + exponent.ToString("+00;-00", CultureInfo.InvariantCulture);

    private static string WithPoint(string digits) => digits.Contains('.', StringComparison.Ordinal) ? digits : digits + ".0";

    private static Number ParseDigits(ReadOnlySpan<char> digits) =>
        long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer)
            ? new Number(integer)
            : new Number(double.Parse(digits, CultureInfo.InvariantCulture));

    private static int DigitsEnd(ReadOnlySpan<char> text, int from)
    {
        while (from < text.Length && char.IsAsciiDigit(text[from]))
        {
            from++;
        }

        return from;
    }
}
