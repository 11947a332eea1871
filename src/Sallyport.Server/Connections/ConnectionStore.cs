using System.Data.Common;
using Sallyport.Server.Http.Paging;
using Sallyport.Server.Security;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Connections;

/// <summary>Table <c>connection</c>. A connection that is being deleted is not found any more, but its name is not free yet.</summary>
internal static class ConnectionStore
{
    private const string Columns = "connection_id, name, strategy, settings";

    private const string SelectOne = $"""
        SELECT {Columns} FROM connection
        WHERE tenant_id = @tenant_id AND connection_id = @connection_id AND deleted_at IS NULL
        """;

    /// <summary>No connection has a domain alias, so a filter for one finds nothing.</summary>
    private const string Filter = """
        tenant_id = @tenant_id AND deleted_at IS NULL AND NOT @has_domain_alias
        AND (CAST(@name AS text) IS NULL OR name = @name)
        AND (CAST(@strategies AS text) IS NULL OR @strategies LIKE '%,' || strategy || ',%')
        """;

    private static readonly ListedTable<Connection> Table = new("connection", Columns, "connection_id", Filter, Read);

    public static string NewId() => "con_" + Tokens.NewAlphaNumeric(16);

    public static ValueTask<Connection?> FindAsync(
        Session session, TenantId tenant, string connectionId, CancellationToken cancellationToken) =>
        session.FindAsync(One(SelectOne, tenant, connectionId), Read, cancellationToken);

    public static ValueTask<Connection?> FindByNameAsync(
        Session session, TenantId tenant, string name, CancellationToken cancellationToken) =>
        session.FindAsync(
            new Statement(
                $"SELECT {Columns} FROM connection WHERE tenant_id = @tenant_id AND name = @name AND deleted_at IS NULL",
                ("tenant_id", tenant.Value),
                ("name", name)),
            Read,
            cancellationToken);

    /// <summary>Finds a connection and locks its row until the unit ends. Meanwhile no user can be added to it.</summary>
    public static ValueTask<Connection?> LockAsync(
        UnitOfWork unit, TenantId tenant, string connectionId, CancellationToken cancellationToken) =>
        unit.FindAsync(One(unit.Locking(SelectOne), tenant, connectionId), Read, cancellationToken);

    /// <summary>Keeps a connection from being deleted until the unit ends, while a user is added to it. Many units may do so at once.</summary>
    /// <returns>False if there is no such connection.</returns>
    public static async ValueTask<bool> HoldAsync(UnitOfWork unit, TenantId tenant, string name, CancellationToken cancellationToken)
    {
        const string Select = "SELECT connection_id FROM connection WHERE tenant_id = @tenant_id AND name = @name AND deleted_at IS NULL";
        var text = unit.Engine == Engine.PostgreSql ? Select + " FOR SHARE" : Select;
        return await unit.FindAsync(new Statement(text, ("tenant_id", tenant.Value), ("name", name)), row => row.GetString(0), cancellationToken)
            is not null;
    }

    public static async ValueTask<bool> AnyAsync(Session session, TenantId tenant, CancellationToken cancellationToken) =>
        (await session.QueryAsync(
            new Statement("SELECT connection_id FROM connection WHERE tenant_id = @tenant_id LIMIT 1", ("tenant_id", tenant.Value)),
            row => row.GetString(0),
            cancellationToken)).Count > 0;

    public static ValueTask<ListPart<Connection>> ListAsync(
        Session session, TenantId tenant, Listing<ConnectionFilter> listing, CancellationToken cancellationToken) =>
        Table.ListAsync(session, listing.Window, Filters(tenant, listing), c => c.Id, cancellationToken);

    public static ValueTask<List<string>> ListNamesAsync(Session session, TenantId tenant, CancellationToken cancellationToken) =>
        session.QueryAsync(
            new Statement(
                "SELECT name FROM connection WHERE tenant_id = @tenant_id AND strategy = @strategy AND deleted_at IS NULL ORDER BY created_at, name LIMIT 100",
                ("tenant_id", tenant.Value),
                ("strategy", Connection.DatabaseStrategy)),
            row => row.GetString(0),
            cancellationToken);

    public static Statement Insert(TenantId tenant, Connection connection, DateTimeOffset now) =>
        new($"""
            INSERT INTO connection (tenant_id, {Columns}, created_at)
            VALUES (@tenant_id, @connection_id, @name, @strategy, @settings, @created_at)
            """,
            ("tenant_id", tenant.Value),
            ("connection_id", connection.Id),
            ("name", connection.Name),
            ("strategy", connection.Strategy),
            ("settings", connection.Settings),
            ("created_at", now.ToUnixTimeMilliseconds()));

    public static Statement SetSettings(TenantId tenant, string connectionId, string settings) =>
        new("UPDATE connection SET settings = @settings WHERE tenant_id = @tenant_id AND connection_id = @connection_id",
            ("tenant_id", tenant.Value),
            ("connection_id", connectionId),
            ("settings", settings));

    public static Statement MarkDeleted(TenantId tenant, string connectionId, DateTimeOffset now) =>
        new("UPDATE connection SET deleted_at = @now WHERE tenant_id = @tenant_id AND connection_id = @connection_id",
            ("tenant_id", tenant.Value),
            ("connection_id", connectionId),
            ("now", now.ToUnixTimeMilliseconds()));

    private static Statement One(string text, TenantId tenant, string connectionId) =>
        new(text, ("tenant_id", tenant.Value), ("connection_id", connectionId));

    private static (string, SqlValue)[] Filters(TenantId tenant, Listing<ConnectionFilter> listing) =>
    [
        ("tenant_id", tenant.Value),
        ("name", listing.Filter.Name),
        ("strategies", listing.Filter.Strategies),
        ("has_domain_alias", listing.Filter.HasDomainAlias),
    ];

    private static Connection Read(DbDataReader row) =>
        new(row.GetString(0), row.GetString(1), row.GetString(2)) { Settings = row.GetString(3) };
}
