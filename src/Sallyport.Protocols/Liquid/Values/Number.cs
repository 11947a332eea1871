using System.Globalization;

namespace Sallyport.Protocols.Liquid.Values;

/// <summary>
/// A 64-bit integer or a double. A result that does not fit an integer becomes a double; a double that is not finite is an error.
/// </summary>
internal readonly struct Number
{
    // The product of two numbers below this fits a decimal.
    private const double DecimalRange = 1e14;

    public Number(long value)
    {
        IsInteger = true;
        Integer = value;
        Real = value;
    }

    /// <summary>Negative zero becomes zero, because it would print a sign.</summary>
    public Number(double value) => Real = double.IsFinite(value) ? value + 0.0 : throw new LiquidFault("a number is out of range");

    public bool IsInteger { get; }

    public long Integer { get; }

    public double Real { get; }

    public object Value => IsInteger ? Boxed.Of(Integer) : Real;

    /// <summary>A text is the number that it begins with; any other value is zero.</summary>
    public static Number From(object? value) => LiquidValue.From(value) switch
    {
        long integer => new Number(integer),
        double real => new Number(real),
        string text => NumberText.Parse(text),
        _ => new Number(0L),
    };

    public static Number operator +(Number a, Number b) =>
        a.IsInteger && b.IsInteger ? Fit((Int128)a.Integer + b.Integer) : Combine(a, b, decimal.Add, (x, y) => x + y);

    public static Number operator -(Number a, Number b) =>
        a.IsInteger && b.IsInteger ? Fit((Int128)a.Integer - b.Integer) : Combine(a, b, decimal.Subtract, (x, y) => x - y);

    public static Number operator *(Number a, Number b) =>
        a.IsInteger && b.IsInteger ? Fit((Int128)a.Integer * b.Integer) : Combine(a, b, decimal.Multiply, (x, y) => x * y);

    /// <summary>The quotient of integers is rounded down.</summary>
    public static Number operator /(Number a, Number b)
    {
        RequireDivisor(b);
        return a.IsInteger && b.IsInteger
            ? Fit(FloorDivide(a.Integer, b.Integer))
            : new Number(a.Real / b.Real);
    }

    /// <summary>The remainder has the sign of the divisor.</summary>
    public static Number operator %(Number a, Number b)
    {
        RequireDivisor(b);
        return a.IsInteger && b.IsInteger
            ? Fit(a.Integer - (FloorDivide(a.Integer, b.Integer) * b.Integer))
            : Combine(a, b, (x, y) => x - (decimal.Floor(x / y) * y), (x, y) => x - (Math.Floor(x / y) * y));
    }

    public Number Abs() => IsInteger ? Fit(Int128.Abs(Integer)) : new Number(Math.Abs(Real));

    public Number Ceiling() => IsInteger ? this : Whole(Math.Ceiling(Real));

    public Number Floor() => IsInteger ? this : Whole(Math.Floor(Real));

    /// <summary>Rounds halves away from zero.</summary>
    public Number Round(int digits)
    {
        if (digits > 0)
        {
            return IsInteger || !TryDecimal(Real, out var exact) || digits > 28
                ? this
                : new Number((double)decimal.Round(exact, digits, MidpointRounding.AwayFromZero));
        }

        var unit = Math.Pow(10, Math.Min(300, -digits));
        return digits == 0 && IsInteger ? this : Whole(Math.Round(Real / unit, MidpointRounding.AwayFromZero) * unit);
    }

    private static Number Whole(double value) => Math.Abs(value) < 9e18 ? new Number((long)value) : new Number(value);

    private static Number Fit(Int128 value) =>
        value >= long.MinValue && value <= long.MaxValue ? new Number((long)value) : new Number((double)value);

    private static Int128 FloorDivide(Int128 a, Int128 b)
    {
        var (quotient, remainder) = Int128.DivRem(a, b);
        return remainder != 0 && (remainder < 0) != (b < 0) ? quotient - 1 : quotient;
    }

    private static void RequireDivisor(Number b)
    {
        if (b.Real == 0)
        {
            throw new LiquidFault("divided by 0");
        }
    }

    /// <summary>Calculates in decimal if both fit, so that 10.1 minus 2.2 is 7.9.</summary>
    private static Number Combine(Number a, Number b, Func<decimal, decimal, decimal> exact, Func<double, double, double> rough) =>
        TryDecimal(a.Real, out var x) && TryDecimal(b.Real, out var y) && (y != 0 || b.Real == 0)
            ? new Number((double)exact(x, y))
            : new Number(rough(a.Real, b.Real));

    private static bool TryDecimal(double value, out decimal exact)
    {
        var shortest = value.ToString("R", CultureInfo.InvariantCulture);
        return decimal.TryParse(shortest, NumberStyles.Float, CultureInfo.InvariantCulture, out exact) && Math.Abs(value) < DecimalRange;
    }
}

internal static class NumberText
{
    // No finite number is longer; text beyond this length is not read.
    private const int LongestNumber = 400;

    private const double FirstScientific = 1e16;
    private const double LastScientific = 1e-4;

    /// <summary>A text that consists of digits, a point and digits is a double. Otherwise the result is the integer at its start, or zero.</summary>
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

    /// <summary>Accepts only an integer, as a number or as text.</summary>
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

    /// <summary>Accepts any number, text or null. Truncates fractions.</summary>
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

    /// <summary>The shortest text that parses to the same number, always with a point: 5.0, 1.0e+20.</summary>
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

    /// <summary>Formats a number whose shortest text has no point, because it is large.</summary>
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
