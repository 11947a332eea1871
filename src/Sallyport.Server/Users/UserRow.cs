using System.Data.Common;
using System.Text.Json;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Users;

/// <summary>A user as a row of table <c>user</c>.</summary>
internal static class UserRow
{
    /// <summary>
    /// In the order of <see cref="Read"/>; the table goes by the name <c>u</c>. The last one tells whether, and since when, a
    /// second factor is enrolled.
    /// </summary>
    public const string Columns = """
        u.user_id, u.connection, u.email, u.email_verified, u.username, u.phone_number, u.phone_verified, u.name, u.nickname,
        u.given_name, u.family_name, u.picture, u.blocked, u.user_metadata, u.app_metadata, u.password_hash,
        u.last_password_reset, u.last_login, u.last_ip, u.logins_count, u.created_at, u.updated_at, u.factors_removed_at,
        (SELECT max(a.enrolled_at) FROM authenticator a
         WHERE a.tenant_id = u.tenant_id AND a.user_id = u.user_id AND a.status = 'confirmed' AND a.is_enrollment)
        """;

    private static readonly string[] Names = [.. Values(new TenantId(""), new User { UserId = "|" }).Select(value => value.Name)];

    private static readonly RowInsert RowInsert = new("\"user\"", Names);

    private static readonly RowInsert RowInsertUnlessKnown =
        new("\"user\"", Names) { Suffix = " ON CONFLICT DO NOTHING RETURNING user_id" };

    public static IEnumerable<Statement> Insert(TenantId tenant, IReadOnlyList<User> users) => RowInsert.Of(Rows(tenant, users));

    /// <summary>Answers with the ids of those that are new.</summary>
    public static IEnumerable<Statement> InsertUnlessKnown(TenantId tenant, IReadOnlyList<User> users) =>
        RowInsertUnlessKnown.Of(Rows(tenant, users));

    /// <summary>Columns and their values.</summary>
    public static (string Name, SqlValue Value)[] Values(TenantId tenant, User user) =>
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
        ("last_login", user.LastLogin?.ToUnixTimeMilliseconds()),
        ("last_ip", user.LastIp),
        ("logins_count", user.LoginsCount),
        ("created_at", user.CreatedAt.ToUnixTimeMilliseconds()),
        ("updated_at", user.UpdatedAt.ToUnixTimeMilliseconds()),
        ("email_domain", UserText.Domain(user.Email)),
        ("name_search", UserText.Fold(user.Name)),
        ("nickname_search", UserText.Fold(user.Nickname)),
        ("given_name_search", UserText.Fold(user.GivenName)),
        ("family_name_search", UserText.Fold(user.FamilyName)),
    ];

    private static List<SqlValue[]> Rows(TenantId tenant, IReadOnlyList<User> users) =>
        [.. users.Select(user => Values(tenant, user).Select(value => value.Value).ToArray())];

    public static User Read(DbDataReader row) => new()
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
        LastLogin = row.GetInstantOrNull(17),
        LastIp = row.GetStringOrNull(18),
        LoginsCount = row.GetInt64OrNull(19),
        CreatedAt = row.GetInstant(20),
        UpdatedAt = row.GetInstant(21),
        FactorsRemovedAt = row.GetInstantOrNull(22),
        EnrolledAt = row.GetInstantOrNull(23),
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
