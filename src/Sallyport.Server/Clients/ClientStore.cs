using System.Data.Common;
using System.Text.Json;
using Sallyport.Server.Http.Paging;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Clients;

/// <summary>Table <c>client</c>.</summary>
internal static class ClientStore
{
    private const string Columns = "client_id, name, secret_hash, is_global, settings";
    private const string SelectOne = $"SELECT {Columns} FROM client WHERE tenant_id = @tenant_id AND client_id = @client_id";

    private const string Filter = """
        tenant_id = @tenant_id AND NOT @is_external
        AND (CAST(@is_global AS boolean) IS NULL OR is_global = @is_global)
        AND (CAST(@is_first_party AS boolean) IS NULL OR is_first_party = @is_first_party)
        AND (CAST(@app_types AS text) IS NULL OR @app_types LIKE '%,' || app_type || ',%')
        """;

    private static readonly ListedTable<Client> Table = new("client", Columns, "client_id", Filter, Read);

    public static ValueTask<Client?> FindAsync(
        Session session, TenantId tenant, string clientId, CancellationToken cancellationToken) =>
        session.FindAsync(One(SelectOne, tenant, clientId), Read, cancellationToken);

    /// <summary>Finds a client and locks its row until the unit ends.</summary>
    public static ValueTask<Client?> LockAsync(
        UnitOfWork unit, TenantId tenant, string clientId, CancellationToken cancellationToken) =>
        unit.FindAsync(One(unit.Locking(SelectOne), tenant, clientId), Read, cancellationToken);

    /// <summary>Finds a client, and prevents until the unit ends that it is changed or deleted. Others may hold it at the same time.</summary>
    public static ValueTask<Client?> HoldAsync(UnitOfWork unit, TenantId tenant, string clientId, CancellationToken cancellationToken) =>
        unit.FindAsync(One(unit.Sharing(SelectOne), tenant, clientId), Read, cancellationToken);

    /// <summary>Everything that decides whether a token is issued, in one round trip.</summary>
    public static ValueTask<TokenEntitlement?> FindEntitlementAsync(
        Session session, TenantId tenant, string clientId, string audience, CancellationToken cancellationToken) =>
        session.FindAsync(
            new Statement("""
                SELECT client.secret_hash, client.settings, resource_server.identifier, resource_server.is_system,
                    resource_server.settings, client_grant.scope
                FROM client
                LEFT JOIN resource_server
                    ON resource_server.tenant_id = client.tenant_id AND resource_server.identifier = @audience
                LEFT JOIN client_grant
                    ON client_grant.tenant_id = client.tenant_id AND client_grant.client_id = client.client_id
                    AND client_grant.audience = resource_server.identifier AND client_grant.subject_type = 'client'
                WHERE client.tenant_id = @tenant_id AND client.client_id = @client_id AND NOT client.is_global
                """,
                ("tenant_id", tenant.Value),
                ("client_id", clientId),
                ("audience", audience)),
            TokenEntitlement.Read,
            cancellationToken);

    public static ValueTask<ListPart<Client>> ListAsync(
        Session session, TenantId tenant, Listing<ClientFilter> listing, CancellationToken cancellationToken) =>
        Table.ListAsync(session, listing.Window, Filters(tenant, listing), c => c.ClientId, cancellationToken);

    /// <summary>The clients without a secret, among them all with the authentication method <c>none</c>.</summary>
    public static ValueTask<List<Client>> ListPublicAsync(Session session, TenantId tenant, CancellationToken cancellationToken) =>
        session.QueryAsync(
            new Statement(
                $"SELECT {Columns} FROM client WHERE tenant_id = @tenant_id AND NOT is_global AND settings LIKE '%\"{AuthMethods.None}\"%'",
                ("tenant_id", tenant.Value)),
            Read,
            cancellationToken);

    public static ValueTask<List<(string ClientId, string Name)>> ListNamesAsync(Session session, TenantId tenant, CancellationToken cancellationToken) =>
        session.QueryAsync(
            new Statement(
                "SELECT client_id, name FROM client WHERE tenant_id = @tenant_id AND NOT is_global ORDER BY name, client_id LIMIT 100",
                ("tenant_id", tenant.Value)),
            row => (row.GetString(0), row.GetString(1)),
            cancellationToken);

    /// <returns>True if there is a client that can call an API.</returns>
    public static ValueTask<bool> AnyAsync(Session session, TenantId tenant, CancellationToken cancellationToken) =>
        ExistsAsync(session, tenant, "NOT is_global", cancellationToken);

    public static ValueTask<bool> HasGlobalAsync(Session session, TenantId tenant, CancellationToken cancellationToken) =>
        ExistsAsync(session, tenant, "is_global", cancellationToken);

    /// <summary>Does not change a client that exists. There is only one global client.</summary>
    public static Statement InsertIfMissing(TenantId tenant, Client client, DateTimeOffset now) =>
        new("""
            INSERT INTO client (tenant_id, client_id, name, secret_hash, is_global, settings, app_type, is_first_party, created_at)
            VALUES (@tenant_id, @client_id, @name, @secret_hash, @is_global, @settings, @app_type, @is_first_party, @created_at)
            ON CONFLICT DO NOTHING
            """,
            [.. Values(tenant, client), ("created_at", now.ToUnixTimeMilliseconds())]);

    public static Statement Update(TenantId tenant, Client client) =>
        new("""
            UPDATE client SET name = @name, secret_hash = @secret_hash, settings = @settings, app_type = @app_type,
                is_first_party = @is_first_party
            WHERE tenant_id = @tenant_id AND client_id = @client_id AND is_global = @is_global
            """,
            Values(tenant, client));

    public static Statement Delete(TenantId tenant, string clientId) =>
        One("DELETE FROM client WHERE tenant_id = @tenant_id AND client_id = @client_id", tenant, clientId);

    private static async ValueTask<bool> ExistsAsync(
        Session session, TenantId tenant, string condition, CancellationToken cancellationToken)
    {
        var rows = await session.QueryAsync(
            new Statement(
                $"SELECT client_id FROM client WHERE tenant_id = @tenant_id AND {condition} LIMIT 1", ("tenant_id", tenant.Value)),
            row => row.GetString(0),
            cancellationToken);
        return rows.Count > 0;
    }

    private static Statement One(string text, TenantId tenant, string clientId) =>
        new(text, ("tenant_id", tenant.Value), ("client_id", clientId));

    private static (string, SqlValue)[] Values(TenantId tenant, Client client)
    {
        var shown = JsonSerializer.Deserialize(client.Settings, ClientJson.Default.ClientResponse)!;
        return
        [
            ("tenant_id", tenant.Value),
            ("client_id", client.ClientId),
            ("name", client.Name),
            ("secret_hash", client.SecretHash),
            ("is_global", client.IsGlobal),
            ("settings", client.Settings),
            ("app_type", shown.AppType),
            ("is_first_party", shown.IsFirstParty ?? true),
        ];
    }

    private static (string, SqlValue)[] Filters(TenantId tenant, Listing<ClientFilter> listing) =>
    [
        ("tenant_id", tenant.Value),
        ("is_global", listing.Filter.IsGlobal),
        ("is_first_party", listing.Filter.IsFirstParty),
        ("app_types", listing.Filter.AppTypes),
        ("is_external", listing.Filter.IsExternal),
    ];

    private static Client Read(DbDataReader row) =>
        new(row.GetString(0), row.GetString(1), row.GetBytes(2)) { IsGlobal = row.GetBoolean(3), Settings = row.GetString(4) };
}
