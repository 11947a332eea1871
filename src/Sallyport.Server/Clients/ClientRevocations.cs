using System.Collections.Frozen;
using Sallyport.Server.BackgroundWork;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Clients;

/// <summary>
/// Clients that were deleted while their tokens are still valid. Kept in memory, so that a request costs one lookup in a table that is
/// usually empty. This node knows a deletion at once, every other node within <see cref="RefreshInterval"/>.
/// </summary>
internal sealed class ClientRevocations(Database database, TenantId tenant, TimeProvider clock)
{
    public static readonly TimeSpan RefreshInterval = TimeSpan.FromSeconds(1);

    private FrozenDictionary<string, DateTimeOffset> revoked = FrozenDictionary<string, DateTimeOffset>.Empty;

    public void Add(UnitOfWork unit, string clientId)
    {
        var now = clock.GetUtcNow();
        unit.Enqueue(ClientRevocationStore.Set(tenant, clientId, now));
        unit.OnCommitted(() => Merge([(clientId, now)]));
    }

    public bool Includes(string clientId, DateTimeOffset issuedAt) =>
        revoked.Count > 0 && revoked.TryGetValue(clientId, out var revokedAt) && issuedAt <= revokedAt;

    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        var stored = await database.ReadAsync(
            session => ClientRevocationStore.ListAsync(session, tenant, cancellationToken), cancellationToken);
        Merge(stored);
    }

    /// <summary>Never removes an entry that was just added: a refresh may have read the table a moment before.</summary>
    private void Merge(List<(string ClientId, DateTimeOffset RevokedAt)> known)
    {
        while (known.Exists(entry => !revoked.ContainsKey(entry.ClientId) || revoked[entry.ClientId] < entry.RevokedAt))
        {
            var before = revoked;
            var merged = before.Concat(known.Select(entry => KeyValuePair.Create(entry.ClientId, entry.RevokedAt)))
                .GroupBy(entry => entry.Key)
                .ToFrozenDictionary(entries => entries.Key, entries => entries.Max(entry => entry.Value), StringComparer.Ordinal);
            Interlocked.CompareExchange(ref revoked, merged, before);
        }
    }
}

/// <summary>Learns of clients that another node deleted. If the database is unreachable, the known ones are still refused.</summary>
internal sealed class ClientRevocationRefresh(ClientRevocations revocations, TimeProvider clock, ILogger<ClientRevocationRefresh> logger)
    : BackgroundWorker(new WorkerSchedule(ClientRevocations.RefreshInterval), clock, logger)
{
    protected override async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        await revocations.RefreshAsync(cancellationToken);
        return false;
    }
}

/// <summary>Table <c>client_revocation</c>.</summary>
internal static class ClientRevocationStore
{
    public static Statement Set(TenantId tenant, string clientId, DateTimeOffset now) =>
        new("""
            INSERT INTO client_revocation (tenant_id, client_id, revoked_at) VALUES (@tenant_id, @client_id, @now)
            ON CONFLICT (tenant_id, client_id) DO UPDATE SET revoked_at = @now
            """,
            ("tenant_id", tenant.Value),
            ("client_id", clientId),
            ("now", now.ToUnixTimeMilliseconds()));

    public static ValueTask<List<(string ClientId, DateTimeOffset RevokedAt)>> ListAsync(
        Session session, TenantId tenant, CancellationToken cancellationToken) =>
        session.QueryAsync(
            new Statement("SELECT client_id, revoked_at FROM client_revocation WHERE tenant_id = @tenant_id", ("tenant_id", tenant.Value)),
            row => (row.GetString(0), row.GetInstant(1)),
            cancellationToken);
}
