using System.Data.Common;
using Sallyport.Server.Http;
using Sallyport.Server.Security;
using Sallyport.Server.Storage;
using Sallyport.Server.Users;

namespace Sallyport.Server.Administrators;

/// <summary>Tables <c>administrator</c> and <c>administrator_invitation</c>.</summary>
internal static class AdministratorStore
{
    private const int IdLength = 24;

    public static readonly OneTimeLinks Invitations = new("administrator_invitation", "invitation_hash");

    /// <summary>The columns of <see cref="Read"/>, with the parameter <c>@now</c>.</summary>
    private const string Select = """
        SELECT a.user_id, u.email, a.role, a.signed_in_at, EXISTS (
            SELECT 1 FROM administrator_invitation i
            WHERE i.tenant_id = a.tenant_id AND i.user_id = a.user_id AND i.used_at IS NULL AND i.ended_at IS NULL AND i.expires_at > @now)
        FROM administrator a
        JOIN "user" u ON u.tenant_id = a.tenant_id AND u.user_id = a.user_id
        """;

    public static ValueTask<List<Administrator>> ListAsync(Session session, TenantId tenant, DateTimeOffset now, CancellationToken cancellationToken) =>
        session.QueryAsync(
            new Statement(
                $"{Select} WHERE a.tenant_id = @tenant_id ORDER BY u.email",
                ("tenant_id", tenant.Value),
                ("now", now.ToUnixTimeMilliseconds())),
            Read,
            cancellationToken);

    public static ValueTask<Administrator?> FindAsync(
        Session session, TenantId tenant, string userId, DateTimeOffset now, CancellationToken cancellationToken) =>
        session.FindAsync(
            new Statement(
                $"{Select} WHERE a.tenant_id = @tenant_id AND a.user_id = @user_id",
                ("tenant_id", tenant.Value),
                ("user_id", userId),
                ("now", now.ToUnixTimeMilliseconds())),
            Read,
            cancellationToken);

    public static ValueTask<Administrator?> FindByEmailAsync(
        Session session, TenantId tenant, string email, DateTimeOffset now, CancellationToken cancellationToken) =>
        session.FindAsync(
            new Statement(
                $"{Select} WHERE a.tenant_id = @tenant_id AND u.connection = '{AdministratorUsers.Connection}' AND u.email = @email",
                ("tenant_id", tenant.Value),
                ("email", email),
                ("now", now.ToUnixTimeMilliseconds())),
            Read,
            cancellationToken);

    /// <summary>The administrator whom an open invitation is for.</summary>
    public static ValueTask<Administrator?> FindInvitedAsync(
        Session session, TenantId tenant, byte[] invitationHash, DateTimeOffset now, CancellationToken cancellationToken) =>
        session.FindAsync(
            new Statement(
                $"""
                {Select}
                JOIN administrator_invitation l ON l.tenant_id = a.tenant_id AND l.user_id = a.user_id
                WHERE a.tenant_id = @tenant_id AND l.invitation_hash = @invitation_hash
                    AND l.used_at IS NULL AND l.ended_at IS NULL AND l.expires_at > @now
                """,
                ("tenant_id", tenant.Value),
                ("invitation_hash", invitationHash),
                ("now", now.ToUnixTimeMilliseconds())),
            Read,
            cancellationToken);

    public static ValueTask<bool> AnyAsync(Session session, TenantId tenant, CancellationToken cancellationToken) =>
        ExistsAsync(session, tenant, "TRUE", cancellationToken);

    /// <summary>Whether an owner has signed in at least once.</summary>
    public static ValueTask<bool> HasOwnerAsync(Session session, TenantId tenant, CancellationToken cancellationToken) =>
        ExistsAsync(session, tenant, "role = 'owner' AND signed_in_at IS NOT NULL", cancellationToken);

    /// <returns>The id of the user.</returns>
    public static string Add(UnitOfWork unit, TenantId tenant, NewAdministrator administrator, DateTimeOffset now)
    {
        var user = new User
        {
            UserId = AdministratorUsers.IdPrefix + Tokens.NewHex(IdLength),
            Connection = AdministratorUsers.Connection,
            Email = UserRules.NormalizeEmail(administrator.Email),
            // It is not known yet that mails to this address arrive.
            EmailVerified = false,
            Name = administrator.Email,
            PasswordHash = administrator.PasswordHash,
            CreatedAt = now,
            UpdatedAt = now,
        };
        UserStore.Insert(unit, tenant, user);
        unit.Enqueue(Insert(tenant, user.UserId, administrator.Role, now));
        return user.UserId;
    }

    private static Statement Insert(TenantId tenant, string userId, AdministratorRole role, DateTimeOffset now) =>
        new("INSERT INTO administrator (tenant_id, user_id, role, created_at) VALUES (@tenant_id, @user_id, @role, @now)",
            ("tenant_id", tenant.Value),
            ("user_id", userId),
            ("role", AdministratorRoles.Name(role)),
            ("now", now.ToUnixTimeMilliseconds()));

    public static Statement SetRole(TenantId tenant, string userId, AdministratorRole role) =>
        new("UPDATE administrator SET role = @role WHERE tenant_id = @tenant_id AND user_id = @user_id",
            ("tenant_id", tenant.Value),
            ("user_id", userId),
            ("role", AdministratorRoles.Name(role)));

    public static Statement SetSignedIn(TenantId tenant, string userId, DateTimeOffset now) =>
        new("UPDATE administrator SET signed_in_at = @now WHERE tenant_id = @tenant_id AND user_id = @user_id",
            ("tenant_id", tenant.Value),
            ("user_id", userId),
            ("now", now.ToUnixTimeMilliseconds()));

    /// <summary>Locks the owners until the unit ends, so that two changes at once cannot remove the last one.</summary>
    /// <returns>The ids of the owners who have signed in at least once.</returns>
    public static async ValueTask<List<string>> LockOwnersAsync(UnitOfWork unit, TenantId tenant, CancellationToken cancellationToken)
    {
        var owners = await unit.QueryAsync(
            new Statement(
                unit.Locking("SELECT user_id, signed_in_at FROM administrator WHERE tenant_id = @tenant_id AND role = 'owner' ORDER BY user_id"),
                ("tenant_id", tenant.Value)),
            row => (UserId: row.GetString(0), HasSignedIn: !row.IsDBNull(1)),
            cancellationToken);
        return [.. owners.Where(owner => owner.HasSignedIn).Select(owner => owner.UserId)];
    }

    public static Statement InsertInvitation(TenantId tenant, string userId, byte[] hash, (DateTimeOffset Now, DateTimeOffset ExpiresAt) times) =>
        new("""
            INSERT INTO administrator_invitation (tenant_id, invitation_hash, user_id, created_at, expires_at)
            VALUES (@tenant_id, @invitation_hash, @user_id, @now, @expires_at)
            """,
            ("tenant_id", tenant.Value),
            ("invitation_hash", hash),
            ("user_id", userId),
            ("now", times.Now.ToUnixTimeMilliseconds()),
            ("expires_at", times.ExpiresAt.ToUnixTimeMilliseconds()));

    private static async ValueTask<bool> ExistsAsync(Session session, TenantId tenant, string condition, CancellationToken cancellationToken) =>
        (await session.QueryAsync(
            new Statement($"SELECT user_id FROM administrator WHERE tenant_id = @tenant_id AND {condition} LIMIT 1", ("tenant_id", tenant.Value)),
            row => row.GetString(0),
            cancellationToken)).Count > 0;

    private static Administrator Read(DbDataReader row) => new(
        row.GetString(0),
        row.GetString(1),
        AdministratorRoles.Find(row.GetString(2)) ?? AdministratorRole.Viewer,
        row.GetInstantOrNull(3),
        row.GetBoolean(4));
}

/// <param name="PasswordHash">Null until an invitation is accepted.</param>
internal sealed record NewAdministrator(string Email, AdministratorRole Role, string? PasswordHash = null);
