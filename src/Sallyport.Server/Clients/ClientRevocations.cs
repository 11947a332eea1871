using System.Collections.Frozen;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Clients;

/// <summary>
/// Clients that were removed while tokens of theirs live. Kept in memory, so that a request costs a look into a table that is
/// empty as a rule: this node knows at once, every other within <see cref="RefreshInterval"/>.
/// </summary>
internal sealed class ClientRevocations(Database database, TimeProvider clock)
{
    public static readonly TimeSpan RefreshInterval = TimeSpan.FromSeconds(1);

    private FrozenDictionary<string, DateTimeOffset> revoked = FrozenDictionary<string, DateTimeOffset>.Empty;

    public void Add(UnitOfWork unit, string clientId)
    {
        var now = clock.GetUtcNow();
        unit.Enqueue(ClientRevocationStore.Set(TenantId.Default, clientId, now));
        unit.OnCommitted(() => Merge([(clientId, now)]));
    }

    public bool Includes(string clientId, DateTimeOffset issuedAt) =>
        revoked.Count > 0 && revoked.TryGetValue(clientId, out var revokedAt) && issuedAt <= revokedAt;

    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        var stored = await database.ReadAsync(
            session => ClientRevocationStore.ListAsync(session, TenantId.Default, cancellationToken), cancellationToken);
        Merge(stored);
    }

    /// <summary>Never forgets what was just added here: a refresh may have read a moment before.</summary>
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
