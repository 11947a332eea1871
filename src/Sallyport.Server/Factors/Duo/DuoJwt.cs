using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sallyport.Server.Factors.Duo;

/// <summary>
/// JSON web tokens with HS512 (RFC 7515, RFC 7518 section 3.2), the only algorithm of Duo. By hand, because the library refuses keys that are
/// shorter than the hash, and Duo's keys are.
/// </summary>
internal static class DuoJwt
{
    private static readonly string Header = Encode("""{"alg":"HS512","typ":"JWT"}"""u8);

    public static string Sign(JsonObject claims, string key)
    {
        var text = $"{Header}.{Encode(Encoding.UTF8.GetBytes(claims.ToJsonString()))}";
        return $"{text}.{Encode(MacOf(text, key))}";
    }

    /// <returns>The claims; null if the token is malformed, has another algorithm, or was signed with another key.</returns>
    public static JsonObject? Verify(string token, string key)
    {
        var parts = token.Split('.');
        try
        {
            return parts.Length == 3
                && (string?)JsonNode.Parse(Base64Url.DecodeFromChars(parts[0]))?["alg"] == "HS512"
                && CryptographicOperations.FixedTimeEquals(Base64Url.DecodeFromChars(parts[2]), MacOf($"{parts[0]}.{parts[1]}", key))
                ? JsonNode.Parse(Base64Url.DecodeFromChars(parts[1])) as JsonObject
                : null;
        }
        catch (Exception exception) when (exception is FormatException or JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static byte[] MacOf(string text, string key) => HMACSHA512.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(text));

    private static string Encode(ReadOnlySpan<byte> bytes) => Base64Url.EncodeToString(bytes);
}
