using System.Globalization;
using System.Security.Cryptography;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Security;

/// <summary>
/// The keys of the tenant, opened with the master key and held in memory. Nodes learn of a rotation by reading the
/// ring again: every <see cref="RefreshInterval"/>, and when they meet a key that they do not know.
/// </summary>
internal sealed class KeyRing(Database database, MasterKey master, TimeProvider clock)
{
    public static readonly TimeSpan RefreshInterval = TimeSpan.FromSeconds(30);

    private static readonly (KeyPurpose Purpose, KeyStatus Status)[] Needed =
    [
        (KeyPurpose.Seal, KeyStatus.Current), (KeyPurpose.Digest, KeyStatus.Current), (KeyPurpose.Transaction, KeyStatus.Current),
        (KeyPurpose.Signing, KeyStatus.Current), (KeyPurpose.Signing, KeyStatus.Next),
    ];

    private static readonly TimeSpan MinRefreshInterval = TimeSpan.FromSeconds(2);
    private static readonly TenantId Tenant = TenantId.Default;
    private long refreshedAt;
    private volatile KeySnapshot snapshot = KeySnapshot.Empty;

    public KeySnapshot Current => snapshot;

    /// <summary>Makes the keys that are missing. Two nodes that start together make them once.</summary>
    /// <exception cref="SchemaException">The master key does not open the ring.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await database.WriteAsync(
            async unit =>
            {
                await StartupLock.TakeAsync(unit, cancellationToken);
                var existing = await KeyStore.ListAsync(unit, Tenant, cancellationToken);
                foreach (var (purpose, status) in Needed.Where(need => !existing.Exists(key => (key.Purpose, key.Status) == need)))
                {
                    unit.Enqueue(KeyStore.Insert(Tenant, Seal(NewKey(purpose, status, clock.GetUtcNow()))));
                }
            },
            cancellationToken);
        await RefreshAsync(cancellationToken);
    }

    /// <summary>For a token that names an unknown key. Reads the ring at most every few seconds: anybody can make up a key id.</summary>
    public async Task RefreshForUnknownKeyAsync(CancellationToken cancellationToken)
    {
        if (clock.GetElapsedTime(Interlocked.Read(ref refreshedAt)) >= MinRefreshInterval)
        {
            await RefreshAsync(cancellationToken);
        }
    }

    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        Interlocked.Exchange(ref refreshedAt, clock.GetTimestamp());
        var keys = await database.ReadAsync(
            session => KeyStore.ListAsync(session, Tenant, cancellationToken), cancellationToken);
        snapshot = new KeySnapshot([.. keys.Select(Open)]);
    }

    /// <summary>The next signing key becomes the current one, and a new one is published to follow it.</summary>
    /// <returns>The key that signs from now on.</returns>
    public async Task<Key> RotateSigningKeyAsync(CancellationToken cancellationToken)
    {
        await RefreshAsync(cancellationToken);
        var (current, next) = (snapshot.Signing, snapshot.NextSigning);
        var following = NewKey(KeyPurpose.Signing, KeyStatus.Next, clock.GetUtcNow());
        await database.WriteAsync(
            unit => unit.TryApplyAsync(
                [
                    KeyStore.Move(Tenant, current.Id, KeyStatus.Current, KeyStatus.Previous),
                    KeyStore.Move(Tenant, next.Id, KeyStatus.Next, KeyStatus.Current),
                    KeyStore.Insert(Tenant, Seal(following)),
                ],
                cancellationToken),
            cancellationToken);
        await RefreshAsync(cancellationToken);
        return snapshot.Signing;
    }

    /// <returns>False where there is no previous key with this id.</returns>
    public async Task<bool> RevokeSigningKeyAsync(string keyId, CancellationToken cancellationToken)
    {
        var revoked = await database.WriteAsync(
            unit => unit.ExecuteAsync(
                KeyStore.Move(Tenant, keyId, KeyStatus.Previous, KeyStatus.Revoked), cancellationToken),
            cancellationToken);
        await RefreshAsync(cancellationToken);
        return revoked == 1;
    }

    private static Key NewKey(KeyPurpose purpose, KeyStatus status, DateTimeOffset now) =>
        new(NewId(), purpose, status, purpose == KeyPurpose.Signing ? NewRsaKey() : RandomNumberGenerator.GetBytes(32), now);

    private static byte[] NewRsaKey()
    {
        using var rsa = RSA.Create(2048);
        return rsa.ExportPkcs8PrivateKey();
    }

    /// <summary>A positive 31-bit number, so that a sealed value can name its key in four bytes.</summary>
    private static string NewId() =>
        RandomNumberGenerator.GetInt32(1, int.MaxValue).ToString("x8", CultureInfo.InvariantCulture);

    private static string Place(string keyId) => $"{Tenant}/key/sealed_material/{keyId}";

    private SealedKey Seal(Key key) =>
        new(key.Id, key.Purpose, key.Status, Sealing.Seal(master.Material, 0, key.Material, Place(key.Id)), key.CreatedAt);

    private Key Open(SealedKey key)
    {
        try
        {
            return new Key(
                key.Id, key.Purpose, key.Status, Sealing.Open(master.Material, key.Material, Place(key.Id)), key.CreatedAt);
        }
        catch (CryptographicException)
        {
            throw new SchemaException(
                "Sallyport:Keys:Master does not open the key ring of this database; give the key with which the database was made");
        }
    }
}
