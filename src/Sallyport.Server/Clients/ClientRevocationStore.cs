using Sallyport.Server.Storage;

namespace Sallyport.Server.Clients;

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
