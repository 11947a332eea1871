using System.Data.Common;
using System.Text.Json;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Users;

/// <summary>Table <c>user</c>.</summary>
internal static class UserStore
{
    private const string Stored = """
        user_id, connection, email, email_verified, username, phone_number, phone_verified, name, nickname, given_name,
        family_name, picture, blocked, user_metadata, app_metadata, password_hash, last_password_reset, created_at, updated_at
        """;

    /// <summary>In the order of <see cref="Read"/>. The last one tells whether, and since when, a second factor is enrolled.</summary>
    private const string Columns = $"""
        {Stored}, factors_removed_at,
        (SELECT max(a.enrolled_at) FROM authenticator a
         WHERE a.tenant_id = "user".tenant_id AND a.user_id = "user".user_id AND a.status = 'confirmed'
            AND a.factor NOT IN ('recovery-code', 'passkey'))
        """;

    private const string SelectOne = $"""SELECT {Columns} FROM "user" WHERE tenant_id = @tenant_id AND user_id = @user_id""";

    public static ValueTask<User?> FindAsync(
        Session session, TenantId tenant, string userId, CancellationToken cancellationToken) =>
        session.FindAsync(One(SelectOne, tenant, userId), Read, cancellationToken);

    /// <summary>The user does not change until the unit ends.</summary>
    public static ValueTask<User?> LockAsync(
        UnitOfWork unit, TenantId tenant, string userId, CancellationToken cancellationToken) =>
        unit.FindAsync(One(unit.Locking(SelectOne), tenant, userId), Read, cancellationToken);

    public static ValueTask<List<User>> ListByEmailAsync(
        Session session, TenantId tenant, string email, CancellationToken cancellationToken) =>
        session.QueryAsync(
            new Statement(
                $"""SELECT {Columns} FROM "user" WHERE tenant_id = @tenant_id AND email = @email ORDER BY created_at, user_id""",
                ("tenant_id", tenant.Value),
                ("email", email)),
            Read,
            cancellationToken);

    public static ValueTask<List<User>> ListAsync(
        Session session, TenantId tenant, UserListing listing, CancellationToken cancellationToken) =>
        session.QueryAsync(
            new Statement(
                $"""
                SELECT {Columns} FROM "user"
                WHERE tenant_id = @tenant_id AND (CAST(@connection AS text) IS NULL OR connection = @connection)
                ORDER BY {listing.OrderBy}, user_id
                LIMIT @size OFFSET @start
                """,
                ("tenant_id", tenant.Value),
                ("connection", listing.Connection),
                ("size", (long)listing.Page.Size),
                ("start", (long)listing.Page.Start)),
            Read,
            cancellationToken);

    public static async ValueTask<long> CountAsync(
        Session session, TenantId tenant, string? connection, CancellationToken cancellationToken)
    {
        var rows = await session.QueryAsync(
            new Statement("""
                SELECT count(*) FROM "user"
                WHERE tenant_id = @tenant_id AND (CAST(@connection AS text) IS NULL OR connection = @connection)
                """,
                ("tenant_id", tenant.Value),
                ("connection", connection)),
            row => row.GetInt64(0),
            cancellationToken);
        return rows[0];
    }

    public static Statement Insert(TenantId tenant, User user) =>
        new($"""
            INSERT INTO "user" (tenant_id, {Stored})
            VALUES (@tenant_id, @user_id, @connection, @email, @email_verified, @username, @phone_number, @phone_verified, @name,
                @nickname, @given_name, @family_name, @picture, @blocked, @user_metadata, @app_metadata, @password_hash,
                @last_password_reset, @created_at, @updated_at)
            """,
            Parameters(tenant, user));

    public static Statement Update(TenantId tenant, User user) =>
        new("""
            UPDATE "user"
            SET connection = @connection, email = @email, email_verified = @email_verified, username = @username,
                phone_number = @phone_number, phone_verified = @phone_verified, name = @name, nickname = @nickname,
                given_name = @given_name, family_name = @family_name, picture = @picture, blocked = @blocked,
                user_metadata = @user_metadata, app_metadata = @app_metadata, password_hash = @password_hash,
                last_password_reset = @last_password_reset, updated_at = @updated_at
            WHERE tenant_id = @tenant_id AND user_id = @user_id AND created_at = @created_at
            """,
            Parameters(tenant, user));

    /// <summary>Browsers that were remembered because of the factors are forgotten with them.</summary>
    public static Statement FactorsRemoved(TenantId tenant, string userId, DateTimeOffset now) =>
        new("""
            UPDATE "user" SET factors_removed_at = @now, browsers_forgotten_at = @now
            WHERE tenant_id = @tenant_id AND user_id = @user_id
            """,
            ("now", now.ToUnixTimeMilliseconds()),
            ("tenant_id", tenant.Value),
            ("user_id", userId));

    public static Statement ForgetBrowsers(TenantId tenant, string userId, DateTimeOffset now) =>
        new("""UPDATE "user" SET browsers_forgotten_at = @now WHERE tenant_id = @tenant_id AND user_id = @user_id""",
            ("now", now.ToUnixTimeMilliseconds()),
            ("tenant_id", tenant.Value),
            ("user_id", userId));

    public static Statement Delete(TenantId tenant, string userId) =>
        One("""DELETE FROM "user" WHERE tenant_id = @tenant_id AND user_id = @user_id""", tenant, userId);

    private static Statement One(string text, TenantId tenant, string userId) =>
        new(text, ("tenant_id", tenant.Value), ("user_id", userId));

    private static (string, SqlValue)[] Parameters(TenantId tenant, User user) =>
    [
        ("tenant_id", tenant.Value),
        ("user_id", user.UserId),
        ("connection", user.Connection),
        ("email", user.Email),
        ("email_verified", user.EmailVerified ?? false),
        ("username", user.Username),
        ("phone_number", user.PhoneNumber),
        ("phone_verified", user.PhoneVerified),
        ("name", user.Name),
        ("nickname", user.Nickname),
        ("given_name", user.GivenName),
        ("family_name", user.FamilyName),
        ("picture", user.Picture),
        ("blocked", user.Blocked),
        ("user_metadata", user.UserMetadata?.GetRawText()),
        ("app_metadata", user.AppMetadata?.GetRawText()),
        ("password_hash", user.PasswordHash),
        ("last_password_reset", user.LastPasswordReset?.ToUnixTimeMilliseconds()),
        ("created_at", user.CreatedAt.ToUnixTimeMilliseconds()),
        ("updated_at", user.UpdatedAt.ToUnixTimeMilliseconds()),
    ];

    private static User Read(DbDataReader row) => new()
    {
        UserId = row.GetString(0),
        Connection = row.GetString(1),
        Email = row.GetStringOrNull(2),
        EmailVerified = row.GetBoolean(3),
        Username = row.GetStringOrNull(4),
        PhoneNumber = row.GetStringOrNull(5),
        PhoneVerified = row.GetBooleanOrNull(6),
        Name = row.GetStringOrNull(7),
        Nickname = row.GetStringOrNull(8),
        GivenName = row.GetStringOrNull(9),
        FamilyName = row.GetStringOrNull(10),
        Picture = row.GetStringOrNull(11),
        Blocked = row.GetBooleanOrNull(12),
        UserMetadata = Json(row.GetStringOrNull(13)),
        AppMetadata = Json(row.GetStringOrNull(14)),
        PasswordHash = row.GetStringOrNull(15),
        LastPasswordReset = row.GetInstantOrNull(16),
        CreatedAt = row.GetInstant(17),
        UpdatedAt = row.GetInstant(18),
        FactorsRemovedAt = row.GetInstantOrNull(19),
        EnrolledAt = row.GetInstantOrNull(20),
    };

    private static JsonElement? Json(string? text)
    {
        if (text is null)
        {
            return null;
        }

        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }
}
