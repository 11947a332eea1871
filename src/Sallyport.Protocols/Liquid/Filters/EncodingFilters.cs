using System.Text;
using Sallyport.Protocols.Liquid.Values;

namespace Sallyport.Protocols.Liquid.Filters;

internal static class EncodingFilters
{
    public static object? Base64Encode(object? input, object?[] arguments, FilterScope scope) => Encode(scope.Text(input), scope);

    public static object? Base64UrlEncode(object? input, object?[] arguments, FilterScope scope) =>
        Encode(scope.Text(input), scope).Replace('+', '-').Replace('/', '_');

    public static object? Base64Decode(object? input, object?[] arguments, FilterScope scope) => Decode(scope.Text(input), scope);

    /// <summary>The padding may be missing.</summary>
    public static object? Base64UrlDecode(object? input, object?[] arguments, FilterScope scope)
    {
        var text = scope.Text(input).Replace('-', '+').Replace('_', '/');
        return Decode(text.PadRight((text.Length + 3) / 4 * 4, '='), scope);
    }

    public static object? Json(object? input, object?[] arguments, FilterScope scope) => JsonText.Of(input, scope.Budget);

    private static string Encode(string text, FilterScope scope)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        scope.Budget.RequireString(bytes.Length * 4L / 3);
        return Convert.ToBase64String(bytes);
    }

    private static string Decode(string text, FilterScope scope)
    {
        scope.Budget.ChargeText(text.Length);
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var length)
            ? Encoding.UTF8.GetString(bytes, 0, length)
            : throw new LiquidFault("invalid base64");
    }
}
