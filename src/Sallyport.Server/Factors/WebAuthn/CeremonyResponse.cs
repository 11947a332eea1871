using System.Buffers.Text;
using System.Text.Json;

namespace Sallyport.Server.Factors.WebAuthn;

/// <summary>
/// A RegistrationResponseJSON or AuthenticationResponseJSON (WebAuthn level 3 section 5.1.8). Only the members that are verified are read, so
/// that a browser may add others.
/// </summary>
/// <param name="KeyId">The credential's id, base64url.</param>
/// <param name="Response">The member <c>response</c>.</param>
internal sealed record CeremonyResponse(string KeyId, byte[] RawId, JsonElement Response)
{
    /// <summary>Characters. An attestation with its certificates has some thousand.</summary>
    private const int MaxLength = 64 * 1024;

    private const int MaxTransports = 16;

    public byte[]? ClientData => BytesOf("clientDataJSON");

    public IReadOnlyList<string> Transports =>
        Response.TryGetProperty("transports", out var names) && names.ValueKind == JsonValueKind.Array
            ? [.. names.EnumerateArray().Take(MaxTransports).Where(name => name.ValueKind == JsonValueKind.String).Select(name => name.GetString()!)]
            : [];

    /// <param name="json">Whatever text it is.</param>
    /// <returns>Null if it is no such response.</returns>
    public static CeremonyResponse? TryParse(string json)
    {
        if (json.Length > MaxLength)
        {
            return null;
        }

        try
        {
            var root = JsonElement.Parse(json);
            return root.ValueKind == JsonValueKind.Object
                && TextOf(root, "type") == "public-key"
                && TextOf(root, "rawId") is { Length: > 0 } keyId && TextOf(root, "id") == keyId && Base64Url.IsValid(keyId)
                && root.TryGetProperty("response", out var response) && response.ValueKind == JsonValueKind.Object
                ? new CeremonyResponse(keyId, Base64Url.DecodeFromChars(keyId), response)
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <returns>Null if the member is missing or no base64url.</returns>
    public byte[]? BytesOf(string name) =>
        TextOf(Response, name) is { } text && Base64Url.IsValid(text) ? Base64Url.DecodeFromChars(text) : null;

    private static string? TextOf(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
