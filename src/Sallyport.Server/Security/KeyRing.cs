using System.Security.Cryptography;
using Sallyport.Server.BackgroundWork;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Security;

/// <summary>
/// The keys of the tenant, opened with the master key and held in memory. A node learns of a rotation on another node when it
/// reads the ring again: at every <see cref="RefreshInterval"/>, and when a token names a key that it does not know.
/// </summary>
internal sealed class KeyRing(
    Database database, MasterKeySource masterKeySource, RsaKeySource rsaKeys, TenantId tenant, TimeProvider clock) : IDisposable
{
    public static readonly TimeSpan RefreshInterval = TimeSpan.FromSeconds(30);

    private static readonly (KeyPurpose Purpose, KeyStatus Status)[] Needed =
    [
        (KeyPurpose.Seal, KeyStatus.Current), (KeyPurpose.Digest, KeyStatus.Current), (KeyPurpose.Transaction, KeyStatus.Current),
        (KeyPurpose.Signing, KeyStatus.Current), (KeyPurpose.Signing, KeyStatus.Next),
    ];

    private static readonly TimeSpan MinRefreshInterval = TimeSpan.FromSeconds(2);
    private readonly SemaphoreSlim refreshing = new(1, 1);
    private MasterKey? master;
    private long refreshedAt;
    private volatile KeySnapshot snapshot = KeySnapshot.Empty;

    public KeySnapshot Current => snapshot;

    /// <summary>Loads the master key and creates the keys that are missing. Nodes that start together create them once.</summary>
    /// <exception cref="SchemaException">The master key is missing or does not open the ring.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await database.WriteAsync(
            async unit =>
            {
                await StartupLock.TakeAsync(unit, cancellationToken);
                var existing = await KeyStore.ListAsync(unit, tenant, cancellationToken);
                master = masterKeySource.Load(isInUse: existing.Count > 0);
                existing.ForEach(key => Open(key));
                foreach (var (purpose, status) in Needed.Where(need => !existing.Exists(key => (key.Purpose, key.Status) == need)))
                {
                    unit.Enqueue(KeyStore.Insert(tenant, Seal(Key.Generate(purpose, status, clock.GetUtcNow(), rsaKeys))));
                }
            },
            cancellationToken);
        await RefreshAsync(cancellationToken);
    }

    /// <summary>For a token that names an unknown key. Reads the ring at most every few seconds, because anyone can invent a key id.</summary>
    public async Task RefreshForUnknownKeyAsync(CancellationToken cancellationToken)
    {
        if (clock.GetElapsedTime(Interlocked.Read(ref refreshedAt)) >= MinRefreshInterval)
        {
            await RefreshAsync(cancellationToken);
        }
    }

    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        // One at a time, so that an older reading never replaces a newer one.
        await refreshing.WaitAsync(cancellationToken);
        try
        {
            Interlocked.Exchange(ref refreshedAt, clock.GetTimestamp());
            var keys = await database.ReadAsync(session => KeyStore.ListAsync(session, tenant, cancellationToken), cancellationToken);
            snapshot = new KeySnapshot([.. keys.Select(Open)]);
        }
        finally
        {
            refreshing.Release();
        }
    }

    /// <summary>
    /// Makes the next signing key the current one and publishes a new next key. Concurrent rotations rotate once.
    /// </summary>
    /// <param name="record">Writes the log entry in the same unit of work.</param>
    /// <returns>The key that signs from now on.</returns>
    public async Task<Key> RotateSigningKeyAsync(Action<UnitOfWork> record, CancellationToken cancellationToken)
    {
        await RefreshAsync(cancellationToken);
        var rotation = PlanRotation(snapshot);
        try
        {
            await database.WriteAsync(unit => ApplyAsync(unit, rotation, record, cancellationToken), cancellationToken);
        }
        catch (System.Data.Common.DbException exception) when (ConstraintViolation.IsUnique(exception))
        {
            // Another rotation inserted its next key while this one waited for the row of the current key.
        }

        await RefreshAsync(cancellationToken);
        return snapshot.Signing;
    }

    /// <param name="record">Writes the log entry in the same unit of work.</param>
    /// <returns>False if there is no previous key with this id.</returns>
    public async Task<bool> RevokeSigningKeyAsync(string keyId, Action<UnitOfWork> record, CancellationToken cancellationToken)
    {
        var revocation = KeyStore.Move(tenant, keyId, KeyStatus.Previous, KeyStatus.Revoked);
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

    private IReadOnlyList<Statement> PlanRotation(KeySnapshot keys) =>
    [
        KeyStore.Move(tenant, keys.Signing.Id, KeyStatus.Current, KeyStatus.Previous),
        KeyStore.Move(tenant, keys.NextSigning.Id, KeyStatus.Next, KeyStatus.Current),
        KeyStore.Insert(tenant, Seal(Key.Generate(KeyPurpose.Signing, KeyStatus.Next, clock.GetUtcNow(), rsaKeys))),
    ];

    private string AssociatedDataOf(string keyId) => $"{tenant}/key/sealed_material/{keyId}";

    private SealedKey Seal(Key key) => new(
        key.Id, key.Purpose, key.Status, Sealing.Seal(master!.Material, 0, key.Material, AssociatedDataOf(key.Id)), key.Certificate, key.CreatedAt);

    private Key Open(SealedKey key)
    {
        try
        {
            var material = Sealing.Open(master!.Material, key.Material, AssociatedDataOf(key.Id));
            return new Key(key.Id, key.Purpose, key.Status, material) { CreatedAt = key.CreatedAt, Certificate = key.Certificate };
        }
        catch (CryptographicException)
        {
            throw masterKeySource.Mismatch();
        }
    }
}

/// <summary>Learns of keys that another node rotated. If the database is unreachable, the keys in memory stay in use.</summary>
internal sealed class KeyRingRefresh(KeyRing ring, TimeProvider clock, ILogger<KeyRingRefresh> logger)
    : BackgroundWorker(new WorkerSchedule(KeyRing.RefreshInterval) { RunsAtStart = false }, clock, logger)
{
    protected override async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        await ring.RefreshAsync(cancellationToken);
        return false;
    }
}
