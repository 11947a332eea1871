using Sallyport.Server.Http.Paging;
using System.Data.Common;
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

    /// <summary>Not LIKE: an identifier may hold its wildcards.</summary>
    private const string Filter = """
        tenant_id = @tenant_id
        AND (CAST(@identifiers AS text) IS NULL OR replace(@identifiers, ',' || identifier || ',', '') <> @identifiers)
        """;

    private static readonly WindowedTable<ResourceServer> Table = new("resource_server", Columns, "resource_server_id", Filter, Read);

    public static string NewId() => Tokens.NewHex(24);

    /// <param name="id">Its id or its identifier.</param>
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

    /// <summary>The API does not change until the unit ends.</summary>
    public static ValueTask<ResourceServer?> LockAsync(
        UnitOfWork unit, TenantId tenant, string id, CancellationToken cancellationToken) =>
        unit.FindAsync(One(unit.Locking(SelectOne), tenant, id), Read, cancellationToken);

    public static ValueTask<ListPart<ResourceServer>> ListAsync(
        Session session, TenantId tenant, ResourceServerListing listing, CancellationToken cancellationToken) =>
        Table.ListAsync(session, listing.Window, Filters(tenant, listing), s => s.Id, cancellationToken);

    public static Statement Insert(TenantId tenant, ResourceServer server, DateTimeOffset now) =>
        new($"""
            INSERT INTO resource_server (tenant_id, {Columns}, created_at)
            VALUES (@tenant_id, @id, @identifier, @name, @is_system, @settings, @created_at)
            """,
            [.. Values(tenant, server), ("created_at", now.ToUnixTimeMilliseconds())]);

    /// <summary>
    /// The system's API has the address that is configured. Where that has changed, the grants go with it, and an API that
    /// has had the new address gives way.
    /// </summary>
    public static async ValueTask SetSystemAsync(
        UnitOfWork unit, TenantId tenant, ResourceServer server, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var known = await FindAsync(unit, tenant, server.Identifier, cancellationToken);
        if (known is { IsSystem: true })
        {
            return;
        }

        if (known is not null && await unit.ExecuteAsync(GiveWay(tenant, known), cancellationToken) == 0)
        {
            // Made by a migration for grants that were there before APIs had rows.
            unit.Enqueue(Update(tenant, known with { IsSystem = true, Name = server.Name }));
        }
        else if (await unit.ExecuteAsync(MoveSystem(tenant, server.Identifier), cancellationToken) == 0)
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

    /// <summary>Only where there is a system's API to take the place.</summary>
    private static Statement GiveWay(TenantId tenant, ResourceServer server) =>
        One("""
            DELETE FROM resource_server
            WHERE tenant_id = @tenant_id AND resource_server_id = @id
                AND EXISTS (SELECT 1 FROM resource_server WHERE tenant_id = @tenant_id AND is_system)
            """,
            tenant,
            server.Id);

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

    private static (string, SqlValue)[] Filters(TenantId tenant, ResourceServerListing listing) =>
        [("tenant_id", tenant.Value), ("identifiers", listing.Identifiers)];

    private static ResourceServer Read(DbDataReader row) =>
        new(row.GetString(0), row.GetString(1), row.GetString(2)) { IsSystem = row.GetBoolean(3), Settings = row.GetString(4) };
}
