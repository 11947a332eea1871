using System.Data.Common;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Factors;

/// <summary>Which factors the tenant offers, and which authenticators a user has confirmed.</summary>
internal sealed record UserFactors(IReadOnlySet<string> Enabled, IReadOnlyList<Authenticator> Confirmed)
{
    private static readonly string SelectOfUser = Select("@user_id");

    /// <summary>A recovery code alone is no enrollment.</summary>
    public bool IsEnrolled => Confirmed.Any(a => a.IsEnrollment);

    /// <summary>Its factor is on, or that of the device that it is a part of.</summary>
    public bool IsUsable(Authenticator authenticator) =>
        Enabled.Contains(authenticator.Factor)
        || (authenticator.LinkId is { } link && Confirmed.Any(other => other.LinkId == link && Enabled.Contains(other.Factor)));

    /// <param name="user">SQL for the user's id: what starts a transaction knows its user only by its own row.</param>
    /// <returns>SQL with the parameter <c>@tenant_id</c>, and those of <paramref name="user"/>.</returns>
    public static string Select(string user) =>
        $"""
        SELECT f.name, f.enabled, {AuthenticatorStore.Columns}
        FROM factor f
        LEFT JOIN authenticator a ON a.tenant_id = f.tenant_id AND a.factor = f.name AND a.user_id = {user}
            AND a.status = 'confirmed'
        WHERE f.tenant_id = @tenant_id AND (f.enabled = true OR a.authenticator_id IS NOT NULL)
        ORDER BY a.enrolled_at DESC, a.authenticator_id
        """;

    public static async ValueTask<UserFactors> FindAsync(Session session, TenantId tenant, string userId, CancellationToken cancellationToken)
    {
        var query = OfUser(tenant, userId);
        return Of(await session.QueryAsync(query.Statement, query.Read, cancellationToken));
    }

    public static Query<UserFactorRow> OfUser(TenantId tenant, string userId) =>
        new(new Statement(SelectOfUser, ("tenant_id", tenant.Value), ("user_id", userId)), row => Read(row, tenant));

    public static UserFactorRow Read(DbDataReader row, TenantId tenant) =>
        new(row.GetString(0), row.GetBoolean(1), row.IsDBNull(2) ? null : AuthenticatorStore.Read(row, tenant, first: 2));

    public static UserFactors Of(IReadOnlyList<UserFactorRow> rows) =>
        new(
            rows.Where(row => row.IsEnabled).Select(row => row.Name).ToHashSet(StringComparer.Ordinal),
            [.. rows.Select(row => row.Authenticator).OfType<Authenticator>()]);
}

/// <summary>A factor, and one of the user's authenticators of it if there is any.</summary>
internal readonly record struct UserFactorRow(string Name, bool IsEnabled, Authenticator? Authenticator);
