using Sallyport.Server.Storage;

namespace Sallyport.Server.Factors;

/// <summary>Which factors the tenant offers, and which authenticators a user has confirmed.</summary>
internal sealed record UserFactors(IReadOnlySet<string> Enabled, IReadOnlyList<Authenticator> Confirmed)
{
    /// <summary>A recovery code alone is no enrollment.</summary>
    public bool IsEnrolled => Confirmed.Any(a => a.IsEnrollment);

    public static async ValueTask<UserFactors> FindAsync(
        Session session, TenantId tenant, string userId, CancellationToken cancellationToken)
    {
        var rows = await session.QueryAsync(
            new Statement(
                $"""
                SELECT f.name, f.enabled, {AuthenticatorStore.Columns}
                FROM factor f
                LEFT JOIN authenticator a ON a.tenant_id = f.tenant_id AND a.factor = f.name AND a.user_id = @user_id
                    AND a.status = 'confirmed'
                WHERE f.tenant_id = @tenant_id AND (f.enabled = @enabled OR a.authenticator_id IS NOT NULL)
                ORDER BY a.enrolled_at DESC, a.authenticator_id
                """,
                ("tenant_id", tenant.Value),
                ("user_id", userId),
                ("enabled", true)),
            row => (
                Name: row.GetString(0),
                Enabled: row.GetBoolean(1),
                Authenticator: row.IsDBNull(2) ? null : AuthenticatorStore.Read(row, tenant, first: 2)),
            cancellationToken);
        return new UserFactors(
            rows.Where(row => row.Enabled).Select(row => row.Name).ToHashSet(StringComparer.Ordinal),
            [.. rows.Select(row => row.Authenticator).OfType<Authenticator>()]);
    }
}
