using Sallyport.Server.Storage;

namespace Sallyport.Server.Clients;

/// <summary>Tables <c>client</c> and <c>client_grant</c>.</summary>
internal static class ClientStore
{
    public static ValueTask<Client?> FindAsync(
        Session session, TenantId tenant, string clientId, CancellationToken cancellationToken) =>
        session.FindAsync(
            new Statement(
                "SELECT client_id, name, secret_hash FROM client WHERE tenant_id = @tenant_id AND client_id = @client_id",
                ("tenant_id", tenant.Value),
                ("client_id", clientId)),
            row => new Client(row.GetString(0), row.GetString(1), row.GetBytes(2)),
            cancellationToken);

    /// <returns>The granted scopes, separated by spaces, or null where there is no grant.</returns>
    public static ValueTask<string?> FindGrantAsync(
        Session session, TenantId tenant, string clientId, string audience, CancellationToken cancellationToken) =>
        session.FindAsync(
            new Statement("""
                SELECT scope FROM client_grant
                WHERE tenant_id = @tenant_id AND client_id = @client_id AND audience = @audience
                """,
                ("tenant_id", tenant.Value),
                ("client_id", clientId),
                ("audience", audience)),
            row => row.GetString(0),
            cancellationToken);

    public static async ValueTask<bool> AnyAsync(Session session, TenantId tenant, CancellationToken cancellationToken)
    {
        var rows = await session.QueryAsync(
            new Statement("SELECT client_id FROM client WHERE tenant_id = @tenant_id LIMIT 1", ("tenant_id", tenant.Value)),
            row => row.GetString(0),
            cancellationToken);
        return rows.Count > 0;
    }

    /// <summary>Leaves a client that exists as it is.</summary>
    public static Statement InsertIfMissing(TenantId tenant, Client client, DateTimeOffset now) =>
        new("""
            INSERT INTO client (tenant_id, client_id, name, secret_hash, created_at)
            VALUES (@tenant_id, @client_id, @name, @secret_hash, @created_at)
            ON CONFLICT (tenant_id, client_id) DO NOTHING
            """,
            ("tenant_id", tenant.Value),
            ("client_id", client.ClientId),
            ("name", client.Name),
            ("secret_hash", client.SecretHash),
            ("created_at", now.ToUnixTimeMilliseconds()));

    public static Statement SetGrant(TenantId tenant, string clientId, string audience, string scope) =>
        new("""
            INSERT INTO client_grant (tenant_id, client_id, audience, scope)
            VALUES (@tenant_id, @client_id, @audience, @scope)
            ON CONFLICT (tenant_id, client_id, audience) DO UPDATE SET scope = @scope
            """,
            ("tenant_id", tenant.Value),
            ("client_id", clientId),
            ("audience", audience),
            ("scope", scope));
}
