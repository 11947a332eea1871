using System.Globalization;
using System.Text;
using Sallyport.Protocols.Liquid.Values;

namespace Sallyport.Protocols.Liquid.Filters;

internal static class EncodingFilters
{
    public static object? Base64Encode(object? input, object?[] arguments, FilterScope scope) => Encode(input, scope);

    public static object? Base64UrlEncode(object? input, object?[] arguments, FilterScope scope) =>
        Encode(input, scope).Replace('+', '-').Replace('/', '_');

    public static object? Base64Decode(object? input, object?[] arguments, FilterScope scope) => Decode(Plain(input, scope), scope);

    /// <summary>Accepts text without padding.</summary>
    public static object? Base64UrlDecode(object? input, object?[] arguments, FilterScope scope)
    {
        var text = Plain(input, scope).Replace('-', '+').Replace('_', '/');
        return Decode(text.PadRight((text.Length + 3) / 4 * 4, '='), scope);
    }

    public static object? Json(object? input, object?[] arguments, FilterScope scope) => JsonText.Of(input, scope.Budget);

    /// <summary>The text to encode or decode, without marks.</summary>
    public static string Plain(object? input, FilterScope scope) => MarkedText.Unmark(scope.Text(input));

    private static string Encode(object? input, FilterScope scope)
    {
        var bytes = Encoding.UTF8.GetBytes(Plain(input, scope));
        scope.Budget.RequireString(bytes.Length * 4L / 3);
        return scope.Data(Convert.ToBase64String(bytes));
    }

    private static string Decode(string text, FilterScope scope)
    {
        scope.Budget.ChargeText(text.Length);
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var length)
            ? scope.Data(Encoding.UTF8.GetString(bytes, 0, length))
            : throw new LiquidFault("invalid base64");
    }
}

/// <summary>Form encoding (URL standard, section 5): a space is a plus sign.</summary>
internal static class UrlFilters
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    public static object? Encode(object? input, object?[] arguments, FilterScope scope)
    {
        var bytes = Encoding.UTF8.GetBytes(EncodingFilters.Plain(input, scope));
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
        var text = EncodingFilters.Plain(input, scope);
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

        return scope.Data(ToText(decoded.AsSpan(0, length)));
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
