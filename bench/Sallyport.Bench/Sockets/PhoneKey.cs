using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Sallyport.Bench.Sockets;

/// <summary>The key that all phones share, because making one takes longer than a sign-in. It is an RSA key, as those of the published SDKs.</summary>
internal sealed class PhoneKey
{
    private const int KeySize = 2048;

    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(30);

    private readonly Lock gate = new();
    private readonly RSA key = RSA.Create(KeySize);

    public string Pem => key.ExportPkcs8PrivateKeyPem();

    /// <param name="phone">Its identifier, and its address at the push service.</param>
    public string Registration(string phone)
    {
        var publicKey = key.ExportParameters(includePrivateParameters: false);
        var jwk = $$"""
            {"kty":"RSA","alg":"RS256","use":"sig","e":"{{Base64Url.EncodeToString(publicKey.Exponent)}}","n":"{{Base64Url.EncodeToString(publicKey.Modulus)}}"}
            """;
        return $$"""
            {"identifier":"{{phone}}","name":"bench","push_credentials":{"service":"GCM","token":"{{phone}}"},"public_key":{{jwk}}}
            """;
    }

    /// <returns>The signed response that accepts a push message (docs/wire.md §4.4).</returns>
    public string Accept(string phone, string nonce, Uri audience)
    {
        var now = TimeProvider.System.GetUtcNow();
        var claims = $$"""
            {"iss":"{{phone}}","sub":"{{nonce}}","aud":"{{audience}}","iat":{{now.ToUnixTimeSeconds()}},"exp":{{(now + Lifetime).ToUnixTimeSeconds()}},"auth0_guardian_method":"push","auth0_guardian_accepted":true}
            """;
        var signed = $"{Encode("""{"alg":"RS256","typ":"JWT"}""")}.{Encode(claims)}";
        lock (gate)
        {
            var signature = key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            return $"{signed}.{Base64Url.EncodeToString(signature)}";
        }
    }

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.ASCII.GetBytes(text));
}
