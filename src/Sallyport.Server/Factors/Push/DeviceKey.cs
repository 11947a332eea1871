using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.Tokens;

namespace Sallyport.Server.Factors.Push;

/// <summary>
/// The public key of a phone: RSA with 2048 to 4096 bits for RS256, or P-256 for ES256. The algorithm follows from the key, never from a
/// token (RFC 8725 section 3.1).
/// </summary>
internal sealed class DeviceKey(JsonWebKey key)
{
    public const string Rsa = "RSA";
    public const string Ec = "EC";
    public const string P256 = "P-256";

    private const int MinRsaBits = 2048;
    private const int MaxRsaBits = 4096;

    /// <summary>The smallest public exponent of FIPS 186-5, and the longest that platforms create.</summary>
    private const uint MinExponent = 65537;

    private const int MaxExponentBytes = 4;
    private const int CoordinateBytes = 32;

    public string Algorithm => key.Kty == Rsa ? SecurityAlgorithms.RsaSha256 : SecurityAlgorithms.EcdsaSha256;

    /// <returns>The canonical JSON Web Key of an RSA key; null if the key is malformed or weak.</returns>
    public static string? FromRsa(string? modulus, string? exponent)
    {
        // The published SDKs write a leading zero byte before the modulus.
        var n = Decode(modulus).TrimStart((byte)0);
        var e = Decode(exponent).TrimStart((byte)0);
        if (n.Length * 8 > MaxRsaBits || BitLength(n) < MinRsaBits || n[^1] % 2 == 0)
        {
            return null;
        }

        if (e.Length is 0 or > MaxExponentBytes || e[^1] % 2 == 0 || e.ToArray().Aggregate(0u, (value, digit) => (value << 8) | digit) < MinExponent)
        {
            return null;
        }

        return new JsonObject { ["kty"] = Rsa, ["n"] = Base64Url.EncodeToString(n), ["e"] = Base64Url.EncodeToString(e) }.ToJsonString();
    }

    /// <returns>The canonical JSON Web Key of a key on P-256; null if the coordinates are no point of the curve.</returns>
    public static string? FromP256(string? x, string? y)
    {
        var (px, py) = (Coordinate(x), Coordinate(y));
        if (px is null || py is null)
        {
            return null;
        }

        try
        {
            // The platform refuses a point that is not on the curve.
            using var point = NewP256(px, py);
        }
        catch (CryptographicException)
        {
            return null;
        }

        return new JsonObject
        {
            ["kty"] = Ec,
            ["crv"] = P256,
            ["x"] = Base64Url.EncodeToString(px),
            ["y"] = Base64Url.EncodeToString(py),
        }.ToJsonString();
    }

    /// <param name="json">What <see cref="FromRsa"/> or <see cref="FromP256"/> has returned.</param>
    public static DeviceKey Parse(string json) => new(new JsonWebKey(json));

    /// <summary>PKCS #1 v1.5 for RSA; for P-256 the two numbers one after the other (RFC 7518 section 3.4).</summary>
    public bool Verifies(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        if (key.Kty == Rsa)
        {
            using var rsa = RSA.Create(new RSAParameters { Modulus = Decode(key.N).ToArray(), Exponent = Decode(key.E).ToArray() });
            return rsa.VerifyData(data, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        }

        using var ec = NewP256(Decode(key.X).ToArray(), Decode(key.Y).ToArray());
        return ec.VerifyData(data, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }

    /// <summary>Whether a JSON Web Key is the same key, regardless of its encoding.</summary>
    public bool IsSameAs(JsonElement jwk) =>
        jwk.ValueKind == JsonValueKind.Object && Text(jwk, "kty") == key.Kty
        && (key.Kty == Rsa
            ? FromRsa(Text(jwk, "n"), Text(jwk, "e")) == FromRsa(key.N, key.E)
            : FromP256(Text(jwk, "x"), Text(jwk, "y")) == FromP256(key.X, key.Y));

    private static ECDsa NewP256(byte[] x, byte[] y) =>
        ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = x, Y = y } });

    private static string? Text(JsonElement jwk, string name) =>
        jwk.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static int BitLength(ReadOnlySpan<byte> number) =>
        number.IsEmpty ? 0 : (number.Length * 8) - (System.Numerics.BitOperations.LeadingZeroCount(number[0]) - 24);

    private static byte[]? Coordinate(string? text)
    {
        var digits = Decode(text).TrimStart((byte)0);
        if (digits.Length is 0 or > CoordinateBytes)
        {
            return null;
        }

        var coordinate = new byte[CoordinateBytes];
        digits.CopyTo(coordinate.AsSpan(CoordinateBytes - digits.Length));
        return coordinate;
    }

    /// <returns>Empty for a text that is not base64url.</returns>
    private static ReadOnlySpan<byte> Decode(string? text) =>
        text is not null && Base64Url.IsValid(text) ? Base64Url.DecodeFromChars(text) : [];
}
