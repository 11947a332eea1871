using System.Globalization;
using System.Security.Cryptography;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Security;

/// <summary>
/// The keys of the tenant, opened with the master key and held in memory. Nodes learn of a rotation by reading the
/// ring again: every <see cref="RefreshInterval"/>, and when they meet a key that they do not know.
/// </summary>
internal sealed class KeyRing(Database database, MasterKey master, TimeProvider clock) : IDisposable
{
    public static readonly TimeSpan RefreshInterval = TimeSpan.FromSeconds(30);

    private static readonly (KeyPurpose Purpose, KeyStatus Status)[] Needed =
    [
        (KeyPurpose.Seal, KeyStatus.Current), (KeyPurpose.Digest, KeyStatus.Current), (KeyPurpose.Transaction, KeyStatus.Current),
        (KeyPurpose.Signing, KeyStatus.Current), (KeyPurpose.Signing, KeyStatus.Next),
    ];

    private static readonly TimeSpan MinRefreshInterval = TimeSpan.FromSeconds(2);
    private static readonly TenantId Tenant = TenantId.Default;
    private readonly SemaphoreSlim refreshing = new(1, 1);
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
        // One after the other: what was read first is never put in place last.
        await refreshing.WaitAsync(cancellationToken);
        try
        {
            Interlocked.Exchange(ref refreshedAt, clock.GetTimestamp());
            var keys = await database.ReadAsync(
                session => KeyStore.ListAsync(session, Tenant, cancellationToken), cancellationToken);
            snapshot = new KeySnapshot([.. keys.Select(Open)]);
        }
        finally
        {
            refreshing.Release();
        }
    }

    /// <summary>
    /// The next signing key becomes the current one, and a new one is published to follow it. Whoever rotates at the same
    /// time as somebody else gets that rotation.
    /// </summary>
    /// <param name="record">Writes down that it happened, in the same unit.</param>
    /// <returns>The key that signs from now on.</returns>
    public async Task<Key> RotateSigningKeyAsync(Action<UnitOfWork> record, CancellationToken cancellationToken)
    {
        await RefreshAsync(cancellationToken);
        var rotation = Rotation(snapshot);
        try
        {
            await database.WriteAsync(unit => ApplyAsync(unit, rotation, record, cancellationToken), cancellationToken);
        }
        catch (System.Data.Common.DbException exception) when (ConstraintViolation.IsUnique(exception))
        {
            // Another rotation has put its next key in place while this one waited for the row of the current key.
        }

        await RefreshAsync(cancellationToken);
        return snapshot.Signing;
    }

    /// <param name="record">Writes down that it happened, in the same unit.</param>
    /// <returns>False where there is no previous key with this id.</returns>
    public async Task<bool> RevokeSigningKeyAsync(string keyId, Action<UnitOfWork> record, CancellationToken cancellationToken)
    {
        var revocation = KeyStore.Move(Tenant, keyId, KeyStatus.Previous, KeyStatus.Revoked);
        var revoked = await database.WriteAsync(
            unit => ApplyAsync(unit, [revocation], record, cancellationToken), cancellationToken);
        await RefreshAsync(cancellationToken);
        return revoked;
    }

    public void Dispose() => refreshing.Dispose();

    private static async ValueTask<bool> ApplyAsync(
        UnitOfWork unit, IReadOnlyList<Statement> changes, Action<UnitOfWork> record, CancellationToken cancellationToken)
    {
        var applied = await unit.TryApplyAsync(changes, cancellationToken);
        if (applied)
        {
            record(unit);
        }

        return applied;
    }

    private IReadOnlyList<Statement> Rotation(KeySnapshot keys) =>
    [
        KeyStore.Move(Tenant, keys.Signing.Id, KeyStatus.Current, KeyStatus.Previous),
        KeyStore.Move(Tenant, keys.NextSigning.Id, KeyStatus.Next, KeyStatus.Current),
        KeyStore.Insert(Tenant, Seal(NewKey(KeyPurpose.Signing, KeyStatus.Next, clock.GetUtcNow()))),
    ];

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
