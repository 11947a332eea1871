using System.Data.Common;
using Sallyport.Server.Http.Paging;
using Sallyport.Server.Security;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Clients;

/// <summary>Table <c>client_grant</c>. The scopes of a grant are one text, separated by spaces.</summary>
internal static class ClientGrantStore
{
    private const string Columns = "grant_id, client_id, audience, scope, subject_type";

    private const string Filter = """
        tenant_id = @tenant_id AND NOT @is_for_many
        AND (CAST(@audience AS text) IS NULL OR audience = @audience)
        AND (CAST(@client_id AS text) IS NULL OR client_id = @client_id)
        AND (CAST(@subject_type AS text) IS NULL OR subject_type = @subject_type)
        """;

    private static readonly ListedTable<ClientGrant> Table = new("client_grant", Columns, "grant_id", Filter, Read);

    public static string NewId() => "cgr_" + Tokens.NewAlphaNumeric(16);

    public static ValueTask<ClientGrant?> FindAsync(
        Session session, TenantId tenant, string grantId, CancellationToken cancellationToken) =>
        session.FindAsync(
            One($"SELECT {Columns} FROM client_grant WHERE tenant_id = @tenant_id AND grant_id = @grant_id", tenant, grantId),
            Read,
            cancellationToken);

    /// <returns>Null if the client has no grant of this kind for the API.</returns>
    public static ValueTask<ClientGrant?> FindAsync(
        Session session, TenantId tenant, (string ClientId, string Audience, string SubjectType) key, CancellationToken cancellationToken) =>
        session.FindAsync(
            new Statement(
                $"""
                SELECT {Columns} FROM client_grant
                WHERE tenant_id = @tenant_id AND client_id = @client_id AND audience = @audience AND subject_type = @subject_type
                """,
                ("tenant_id", tenant.Value),
                ("client_id", key.ClientId),
                ("audience", key.Audience),
                ("subject_type", key.SubjectType)),
            Read,
            cancellationToken);

    public static ValueTask<ListPart<ClientGrant>> ListAsync(
        Session session, TenantId tenant, Listing<ClientGrantFilter> listing, CancellationToken cancellationToken) =>
        Table.ListAsync(session, listing.Window, Filters(tenant, listing), g => g.Id, cancellationToken);

    /// <summary>A missing client or API violates a foreign key, a second grant for both violates a unique key.</summary>
    public static Statement Insert(TenantId tenant, ClientGrant grant) =>
        new($"""
            INSERT INTO client_grant (tenant_id, {Columns})
            VALUES (@tenant_id, @grant_id, @client_id, @audience, @scope, @subject_type)
            """,
            Values(tenant, grant));

    /// <summary>Inserts the grant of a client for itself, or replaces its scopes.</summary>
    public static Statement Set(TenantId tenant, string clientId, string audience, string scope) =>
        new($"""
            INSERT INTO client_grant (tenant_id, {Columns})
            VALUES (@tenant_id, @grant_id, @client_id, @audience, @scope, @subject_type)
            ON CONFLICT (tenant_id, client_id, audience, subject_type) DO UPDATE SET scope = @scope
            """,
            Values(tenant, new ClientGrant(NewId(), clientId, audience, scope.Split(' '), ClientGrant.ForClient)));

    public static Statement SetScope(TenantId tenant, string grantId, IEnumerable<string> scope) =>
        new("UPDATE client_grant SET scope = @scope WHERE tenant_id = @tenant_id AND grant_id = @grant_id",
            ("tenant_id", tenant.Value),
            ("grant_id", grantId),
            ("scope", string.Join(' ', scope)));

    public static Statement Delete(TenantId tenant, string grantId) =>
        One("DELETE FROM client_grant WHERE tenant_id = @tenant_id AND grant_id = @grant_id", tenant, grantId);

    private static Statement One(string text, TenantId tenant, string grantId) =>
        new(text, ("tenant_id", tenant.Value), ("grant_id", grantId));

    private static (string, SqlValue)[] Values(TenantId tenant, ClientGrant grant) =>
    [
        ("tenant_id", tenant.Value),
        ("grant_id", grant.Id),
        ("client_id", grant.ClientId),
        ("audience", grant.Audience),
        ("scope", string.Join(' ', grant.Scope)),
        ("subject_type", grant.SubjectType),
    ];

    private static (string, SqlValue)[] Filters(TenantId tenant, Listing<ClientGrantFilter> listing) =>
    [
        ("tenant_id", tenant.Value),
        ("audience", listing.Filter.Audience),
        ("client_id", listing.Filter.ClientId),
        ("subject_type", listing.Filter.SubjectType),
        ("is_for_many", listing.Filter.IsForMany),
    ];

    private static ClientGrant Read(DbDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3).Split(' ', StringSplitOptions.RemoveEmptyEntries), row.GetString(4));
}
