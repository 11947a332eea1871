using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.IdentityModel.Tokens;

namespace Sallyport.Server.Security;

internal enum KeyPurpose
{
    /// <summary>AES-256: encrypts secrets at rest.</summary>
    Seal,

    /// <summary>HMAC-SHA256: hashes secrets that are looked up or compared.</summary>
    Digest,

    /// <summary>HMAC-SHA256: signs tokens that only Sallyport reads.</summary>
    Transaction,

    /// <summary>RSA: signs tokens that others verify with the published key set.</summary>
    Signing,
}

internal enum KeyStatus
{
    /// <summary>Used for new work.</summary>
    Current,

    /// <summary>Published before it is used, so that verifiers have fetched it by then.</summary>
    Next,

    /// <summary>Still valid for what it sealed or signed.</summary>
    Previous,

    /// <summary>No longer valid.</summary>
    Revoked,
}

/// <summary>One decrypted key of the ring.</summary>
internal sealed class Key(string id, KeyPurpose purpose, KeyStatus status, byte[] material)
{
    private static readonly TimeSpan CertificateLifetime = TimeSpan.FromDays(3650);

    public string Id { get; } = id;

    public KeyPurpose Purpose { get; } = purpose;

    public KeyStatus Status { get; } = status;

    public byte[] Material { get; } = material;

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The self-signed X.509 certificate of a signing key, DER-encoded; null for other keys.</summary>
    public byte[]? Certificate { get; init; }

    public static Key Generate(KeyPurpose purpose, KeyStatus status, DateTimeOffset now, RsaKeySource rsaKeys)
    {
        if (purpose != KeyPurpose.Signing)
        {
            return new Key(NewId(), purpose, status, RandomNumberGenerator.GetBytes(32)) { CreatedAt = now };
        }

        using var rsa = rsaKeys.Create();
        var request = new CertificateRequest("CN=sallyport", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(now, now + CertificateLifetime);
        return new Key(NewId(), purpose, status, rsa.ExportPkcs8PrivateKey()) { CreatedAt = now, Certificate = certificate.RawData };
    }

    public override string ToString() => $"{Purpose} key {Id}: ***";

    /// <summary>A positive 31-bit number, so that a sealed value can name its key in four bytes.</summary>
    private static string NewId() =>
        RandomNumberGenerator.GetInt32(1, int.MaxValue).ToString("x8", CultureInfo.InvariantCulture);
}

/// <summary>Makes RSA keys. Tests replace it, because a new key costs a processor a tenth of a second and more.</summary>
internal class RsaKeySource
{
    public const int KeySize = 2048;

    public virtual RSA Create() => RSA.Create(KeySize);
}

/// <summary>The keys of the ring at one moment. Immutable, so a request sees one state of the ring.</summary>
internal sealed class KeySnapshot
{
    public static readonly KeySnapshot Empty = new([]);

    private readonly Dictionary<int, Key> byNumber;
    private readonly Dictionary<string, RsaSecurityKey> signing;

    public KeySnapshot(IReadOnlyList<Key> keys)
    {
        Keys = keys;
        byNumber = keys.ToDictionary(Number);
        signing = keys
            .Where(key => key is { Purpose: KeyPurpose.Signing, Status: not KeyStatus.Revoked })
            .ToDictionary(key => key.Id, ToRsa, StringComparer.Ordinal);
        if (keys.Count > 0)
        {
            TransactionKey = new SymmetricSecurityKey(Find(KeyPurpose.Transaction, KeyStatus.Current).Material)
            {
                KeyId = Find(KeyPurpose.Transaction, KeyStatus.Current).Id,
            };
        }
    }

    public IReadOnlyList<Key> Keys { get; }

    /// <summary>Every key with which a token may still be verified, including the next one.</summary>
    public IReadOnlyCollection<RsaSecurityKey> VerificationKeys => signing.Values;

    public SymmetricSecurityKey? TransactionKey { get; }

    public Key Signing => Find(KeyPurpose.Signing, KeyStatus.Current);

    public Key NextSigning => Find(KeyPurpose.Signing, KeyStatus.Next);

    public RsaSecurityKey SigningKey => signing[Signing.Id];

    public Key Seal => Find(KeyPurpose.Seal, KeyStatus.Current);

    public Key Digest => Find(KeyPurpose.Digest, KeyStatus.Current);

    public Key? FindByNumber(int number) => byNumber.GetValueOrDefault(number);

    public static int Number(Key key) => int.Parse(key.Id, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private static RsaSecurityKey ToRsa(Key key)
    {
        var rsa = RSA.Create();
        rsa.ImportPkcs8PrivateKey(key.Material, out _);
        return new RsaSecurityKey(rsa) { KeyId = key.Id };
    }

    private Key Find(KeyPurpose purpose, KeyStatus status) =>
        Keys.First(key => key.Purpose == purpose && key.Status == status);
}
