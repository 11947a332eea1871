using System.Data.Common;
using Sallyport.Server.Http.Paging;
using Sallyport.Server.Security;
using Sallyport.Server.Storage;

namespace Sallyport.Server.ResourceServers;

/// <summary>Table <c>resource_server</c>.</summary>
internal static class ResourceServerStore
{
    private const string Columns = "resource_server_id, identifier, name, is_system, settings";

    private const string SelectOne = $"""
        SELECT {Columns} FROM resource_server
        WHERE tenant_id = @tenant_id AND (resource_server_id = @id OR identifier = @id)
        """;

    /// <summary>Without LIKE, because an identifier may contain its wildcards.</summary>
    private const string Filter = """
        tenant_id = @tenant_id
        AND (CAST(@identifiers AS text) IS NULL OR replace(@identifiers, ',' || identifier || ',', '') <> @identifiers)
        """;

    private static readonly ListedTable<ResourceServer> Table = new("resource_server", Columns, "resource_server_id", Filter, Read);

    public static string NewId() => Tokens.NewHex(24);

    /// <param name="id">The id or the identifier.</param>
    public static ValueTask<ResourceServer?> FindAsync(
        Session session, TenantId tenant, string id, CancellationToken cancellationToken) =>
        session.FindAsync(One(SelectOne, tenant, id), Read, cancellationToken);

    /// <returns>The Management API; null before the first start.</returns>
    public static ValueTask<ResourceServer?> FindSystemAsync(Session session, TenantId tenant, CancellationToken cancellationToken) =>
        session.FindAsync(
            new Statement(
                $"SELECT {Columns} FROM resource_server WHERE tenant_id = @tenant_id AND is_system", ("tenant_id", tenant.Value)),
            Read,
            cancellationToken);

    /// <summary>Finds an API and locks its row until the unit ends.</summary>
    public static ValueTask<ResourceServer?> LockAsync(
        UnitOfWork unit, TenantId tenant, string id, CancellationToken cancellationToken) =>
        unit.FindAsync(One(unit.Locking(SelectOne), tenant, id), Read, cancellationToken);

    public static ValueTask<ListPart<ResourceServer>> ListAsync(
        Session session, TenantId tenant, Listing<ResourceServerFilter> listing, CancellationToken cancellationToken) =>
        Table.ListAsync(session, listing.Window, Filters(tenant, listing), s => s.Id, cancellationToken);

    public static Statement Insert(TenantId tenant, ResourceServer server, DateTimeOffset now) =>
        new($"""
            INSERT INTO resource_server (tenant_id, {Columns}, created_at)
            VALUES (@tenant_id, @id, @identifier, @name, @is_system, @settings, @created_at)
            """,
            [.. Values(tenant, server), ("created_at", now.ToUnixTimeMilliseconds())]);

    /// <summary>
    /// Gives the Management API the configured address as its identifier. If the address has changed, the grants are kept,
    /// and another API that has the new address is deleted.
    /// </summary>
    public static async ValueTask SetSystemAsync(
        UnitOfWork unit, TenantId tenant, ResourceServer server, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var known = await FindAsync(unit, tenant, server.Identifier, cancellationToken);
        if (known is { IsSystem: true })
        {
            return;
        }

        if (known is not null)
        {
            unit.Enqueue(Delete(tenant, known.Id));
        }

        if (await unit.ExecuteAsync(MoveSystem(tenant, server.Identifier), cancellationToken) == 0)
        {
            unit.Enqueue(Insert(tenant, server, now));
        }
    }

    public static Statement Update(TenantId tenant, ResourceServer server) =>
        new("""
            UPDATE resource_server SET name = @name, settings = @settings, is_system = @is_system
            WHERE tenant_id = @tenant_id AND resource_server_id = @id AND identifier = @identifier
            """,
            Values(tenant, server));

    public static Statement Delete(TenantId tenant, string id) =>
        One("DELETE FROM resource_server WHERE tenant_id = @tenant_id AND resource_server_id = @id", tenant, id);

    private static Statement MoveSystem(TenantId tenant, string identifier) =>
        new("UPDATE resource_server SET identifier = @identifier WHERE tenant_id = @tenant_id AND is_system",
            ("tenant_id", tenant.Value),
            ("identifier", identifier));

    private static Statement One(string text, TenantId tenant, string id) => new(text, ("tenant_id", tenant.Value), ("id", id));

    private static (string, SqlValue)[] Values(TenantId tenant, ResourceServer server) =>
    [
        ("tenant_id", tenant.Value),
        ("id", server.Id),
        ("identifier", server.Identifier),
        ("name", server.Name),
        ("is_system", server.IsSystem),
        ("settings", server.Settings),
    ];

    private static (string, SqlValue)[] Filters(TenantId tenant, Listing<ResourceServerFilter> listing) =>
        [("tenant_id", tenant.Value), ("identifiers", listing.Filter.Identifiers)];

    private static ResourceServer Read(DbDataReader row) =>
        new(row.GetString(0), row.GetString(1), row.GetString(2)) { IsSystem = row.GetBoolean(3), Settings = row.GetString(4) };
}
