using System.Data.Common;
using Sallyport.Server.Audit;
using Sallyport.Server.Security;
using Sallyport.Server.Storage;
using Sallyport.Server.Users;

namespace Sallyport.Server.Administrators;

/// <summary>Finds and ends the sessions of administrators.</summary>
internal sealed class AdministratorSessions(Database database, AuditLog audit, SecretHash hash, TimeProvider clock)
{
    /// <summary>How exactly the last request is known. A row that changes with every request would cost a write each.</summary>
    private static readonly TimeSpan Precision = TimeSpan.FromMinutes(1);

    /// <param name="secret">From the cookie; null if the browser has none.</param>
    /// <returns>Null if there is none, or it has ended.</returns>
    public async ValueTask<AdministratorSession?> FindAsync(TenantId tenant, string? secret, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(secret))
        {
            return null;
        }

        var (now, sessionHash) = (clock.GetUtcNow(), hash.AdministratorSession(secret));
        var found = await database.ReadAsync(
            reader => AdministratorSessionStore.FindAsync(reader, tenant, sessionHash, cancellationToken), cancellationToken);
        if (found is null || !AdministratorSession.IsAlive(found.CreatedAt, found.LastSeenAt, now))
        {
            return null;
        }

        if (now - found.LastSeenAt >= Precision)
        {
            await database.WriteAsync(
                unit =>
                {
                    unit.Enqueue(AdministratorSessionStore.SetLastSeen(tenant, sessionHash, now));
                    return ValueTask.CompletedTask;
                },
                cancellationToken);
        }

        return found;
    }

    /// <returns>The live sessions of an administrator, the latest first.</returns>
    public async ValueTask<IReadOnlyList<AdministratorSession>> ListAsync(TenantId tenant, string userId, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var all = await database.ReadAsync(reader => AdministratorSessionStore.ListAsync(reader, tenant, userId, cancellationToken), cancellationToken);
        return [.. all.Where(session => AdministratorSession.IsAlive(session.CreatedAt, session.LastSeenAt, now))];
    }

    /// <param name="sessionId">Null to end all sessions of the administrator.</param>
    public ValueTask EndAsync(CallContext call, string userId, string? sessionId, CancellationToken cancellationToken) =>
        database.WriteAsync(
            unit =>
            {
                unit.Enqueue(AdministratorSessionStore.End(call.Tenant, userId, sessionId));
                audit.Add(unit, call.Tenant, ApiOperation.Succeeded(call, userId));
                return ValueTask.CompletedTask;
            },
            cancellationToken);
}

/// <summary>Table <c>administrator_session</c>.</summary>
internal static class AdministratorSessionStore
{
    private const string Select = """
        SELECT s.session_id, s.created_at, s.last_seen_at, s.ip, s.user_agent, a.user_id, u.email, a.role, a.signed_in_at
        FROM administrator_session s
        JOIN administrator a ON a.tenant_id = s.tenant_id AND a.user_id = s.user_id
        JOIN "user" u ON u.tenant_id = s.tenant_id AND u.user_id = s.user_id
        """;

    public static ValueTask<AdministratorSession?> FindAsync(
        Session session, TenantId tenant, byte[] sessionHash, CancellationToken cancellationToken) =>
        session.FindAsync(
            new Statement(
                $"{Select} WHERE s.tenant_id = @tenant_id AND s.session_hash = @session_hash",
                ("tenant_id", tenant.Value),
                ("session_hash", sessionHash)),
            Read,
            cancellationToken);

    public static ValueTask<List<AdministratorSession>> ListAsync(
        Session session, TenantId tenant, string userId, CancellationToken cancellationToken) =>
        session.QueryAsync(
            new Statement(
                $"{Select} WHERE s.tenant_id = @tenant_id AND s.user_id = @user_id ORDER BY s.last_seen_at DESC, s.session_id",
                ("tenant_id", tenant.Value),
                ("user_id", userId)),
            Read,
            cancellationToken);

    public static Statement Insert(TenantId tenant, byte[] sessionHash, string userId, (AuditSource Source, DateTimeOffset Now) opened) =>
        new("""
            INSERT INTO administrator_session (tenant_id, session_hash, session_id, user_id, ip, user_agent, created_at, last_seen_at)
            VALUES (@tenant_id, @session_hash, @session_id, @user_id, @ip, @user_agent, @now, @now)
            """,
            ("tenant_id", tenant.Value),
            ("session_hash", sessionHash),
            ("session_id", "ses_" + Tokens.NewAlphaNumeric(16)),
            ("user_id", userId),
            ("ip", opened.Source.Address),
            ("user_agent", opened.Source.UserAgent),
            ("now", opened.Now.ToUnixTimeMilliseconds()));

    public static Statement SetLastSeen(TenantId tenant, byte[] sessionHash, DateTimeOffset now) =>
        new("UPDATE administrator_session SET last_seen_at = @now WHERE tenant_id = @tenant_id AND session_hash = @session_hash",
            ("tenant_id", tenant.Value),
            ("session_hash", sessionHash),
            ("now", now.ToUnixTimeMilliseconds()));

    /// <param name="sessionId">Null for all sessions of the administrator.</param>
    public static Statement End(TenantId tenant, string userId, string? sessionId = null) =>
        new("""
            DELETE FROM administrator_session
            WHERE tenant_id = @tenant_id AND user_id = @user_id AND (CAST(@session_id AS text) IS NULL OR session_id = @session_id)
            """,
            ("tenant_id", tenant.Value),
            ("user_id", userId),
            ("session_id", sessionId));

    private static AdministratorSession Read(DbDataReader row) => new(
        row.GetString(0),
        new Administrator(
            row.GetString(5),
            row.GetString(6),
            AdministratorRoles.Find(row.GetString(7)) ?? AdministratorRole.Viewer,
            row.GetInstantOrNull(8),
            HasInvitation: false),
        row.GetInstant(1),
        row.GetInstant(2))
    {
        Address = row.GetStringOrNull(3),
        UserAgent = row.GetStringOrNull(4),
    };
}

/// <summary>The sessions of administrators as credentials that end with a password or a factor.</summary>
internal sealed class AdministratorSessionCredentials : IUserCredential
{
    public IEnumerable<Statement> EndAll(TenantId tenant, string userId, DateTimeOffset now) => Http.AdministratorUsers.Contains(userId)
        ? [AdministratorSessionStore.End(tenant, userId)]
        : [];

    public IEnumerable<Statement> EndSignIns(TenantId tenant, string userId, DateTimeOffset now) => EndAll(tenant, userId, now);

    public IEnumerable<Statement> EndWith(RemovedEnrollment removed, DateTimeOffset now) => EndAll(removed.Tenant, removed.UserId, now);
}
