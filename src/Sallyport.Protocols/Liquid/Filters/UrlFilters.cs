using System.Globalization;
using System.Text;
using Sallyport.Protocols.Liquid.Values;

namespace Sallyport.Protocols.Liquid.Filters;

/// <summary>Form encoding: a space is a plus sign.</summary>
internal static class UrlFilters
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    public static object? Encode(object? input, object?[] arguments, FilterScope scope)
    {
        var bytes = Encoding.UTF8.GetBytes(scope.Text(input));
        scope.Budget.ChargeText(bytes.Length);
        var encoded = new StringBuilder(bytes.Length);
        foreach (var value in bytes)
        {
            if (char.IsAsciiLetterOrDigit((char)value) || value is (byte)'-' or (byte)'_' or (byte)'.' or (byte)'~')
            {
                encoded.Append((char)value);
            }
            else if (value == ' ')
            {
                encoded.Append('+');
            }
            else
            {
                encoded.Append(CultureInfo.InvariantCulture, $"%{value:X2}");
            }
        }

        scope.Budget.RequireString(encoded.Length);
        return encoded.ToString();
    }

    public static object? Decode(object? input, object?[] arguments, FilterScope scope)
    {
        var text = scope.Text(input);
        scope.Budget.ChargeText(text.Length);
        var encoded = Encoding.UTF8.GetBytes(text);
        var decoded = new byte[encoded.Length];
        var length = 0;
        for (var i = 0; i < encoded.Length; i++)
        {
            if (encoded[i] == '%' && i + 2 < encoded.Length
                && byte.TryParse(encoded.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
            {
                decoded[length++] = value;
                i += 2;
            }
            else
            {
                decoded[length++] = encoded[i] == '+' ? (byte)' ' : encoded[i];
            }
        }

        return ToText(decoded.AsSpan(0, length));
    }

    private static string ToText(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            throw new LiquidFault("what was decoded is not UTF-8");
        }
    }
}
