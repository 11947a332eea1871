using System.Globalization;
using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;

namespace Sallyport.Server.Security;

/// <summary>The ring at one moment. Immutable, so that a request sees one state of it.</summary>
internal sealed class KeySnapshot
{
    public static readonly KeySnapshot Empty = new([]);

    private readonly Dictionary<int, Key> byNumber;
    private readonly Dictionary<string, RsaSecurityKey> signing;

    public KeySnapshot(IReadOnlyList<Key> keys)
    {
        Keys = keys;
        byNumber = keys.ToDictionary(key => int.Parse(key.Id, NumberStyles.HexNumber, CultureInfo.InvariantCulture));
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

    /// <summary>Every key with which a token may still be verified, the next one included.</summary>
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
