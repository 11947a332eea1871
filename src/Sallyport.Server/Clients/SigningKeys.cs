using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Serialization;
using Sallyport.Server.Audit;
using Sallyport.Server.Security;

namespace Sallyport.Server.Clients;

internal enum RevokeSigningKeyOutcome
{
    Revoked,
    NotFound,

    /// <summary>The key is in use or will be next.</summary>
    NotPrevious,
}

/// <summary>Reads, rotates and revokes the keys that sign tokens.</summary>
internal sealed class SigningKeys(KeyRing ring, AuditLog audit)
{
    public IReadOnlyList<SigningKeyResponse> List() =>
        [.. ring.Current.Keys.Where(key => key.Purpose == KeyPurpose.Signing).Select(SigningKeyResponse.Of)];

    /// <returns>Null if there is no such key.</returns>
    public SigningKeyResponse? Find(string keyId) =>
        ring.Current.Keys.FirstOrDefault(key => key.Id == keyId && key.Purpose == KeyPurpose.Signing) is { } key ? SigningKeyResponse.Of(key) : null;

    /// <returns>The key that signs from now on.</returns>
    public async Task<SigningKeyResponse> RotateAsync(CallContext call, CancellationToken cancellationToken) => SigningKeyResponse.Of(
        await ring.RotateSigningKeyAsync(unit => audit.Add(unit, call.Tenant, ApiOperation.Succeeded(call, userId: null)), cancellationToken));

    public async Task<(RevokeSigningKeyOutcome Outcome, SigningKeyResponse? Key)> RevokeAsync(
        string keyId, CallContext call, CancellationToken cancellationToken)
    {
        if (Find(keyId) is null)
        {
            return (RevokeSigningKeyOutcome.NotFound, null);
        }

        return await ring.RevokeSigningKeyAsync(
            keyId, unit => audit.Add(unit, call.Tenant, ApiOperation.Succeeded(call, userId: null)), cancellationToken)
            ? (RevokeSigningKeyOutcome.Revoked, Find(keyId))
            : (RevokeSigningKeyOutcome.NotPrevious, null);
    }
}

/// <summary>A signing key in answers of the Management API. The certificate is the one that was stored with the key.</summary>
public sealed record SigningKeyResponse(
    [property: JsonPropertyName("kid")] string KeyId,
    [property: JsonPropertyName("cert")] string Certificate,
    [property: JsonPropertyName("pkcs7")] string Pkcs7,
    [property: JsonPropertyName("current")] bool Current,
    [property: JsonPropertyName("next")] bool Next,
    [property: JsonPropertyName("previous")] bool Previous,
    [property: JsonPropertyName("fingerprint")] string Fingerprint,
    [property: JsonPropertyName("thumbprint")] string Thumbprint,
    [property: JsonPropertyName("revoked")] bool Revoked)
{
    internal static SigningKeyResponse Of(Key key)
    {
        using var certificate = X509CertificateLoader.LoadCertificate(key.Certificate!);
        var pkcs7 = new X509Certificate2Collection(certificate).Export(X509ContentType.Pkcs7)!;
        return new SigningKeyResponse(
            key.Id,
            ToPem("CERTIFICATE", certificate.RawData),
            ToPem("PKCS7", pkcs7),
            key.Status == KeyStatus.Current,
            key.Status == KeyStatus.Next,
            key.Status == KeyStatus.Previous,
            string.Join(':', certificate.Thumbprint.Chunk(2).Select(pair => new string(pair))),
            certificate.Thumbprint,
            key.Status == KeyStatus.Revoked);
    }

    /// <summary>The published API ends lines with CR LF.</summary>
    private static string ToPem(string label, byte[] data) =>
        System.Security.Cryptography.PemEncoding.WriteString(label, data).ReplaceLineEndings("\r\n");
}
