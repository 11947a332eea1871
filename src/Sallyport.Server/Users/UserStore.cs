using Sallyport.Server.Http;
using Sallyport.Server.Storage;
using Sallyport.Server.Users.Search;

namespace Sallyport.Server.Users;

/// <summary>Table <c>user</c>. Writing a user also writes the rows by which the user is searched.</summary>
internal static class UserStore
{
    /// <summary>Leaves out administrators. What reads single users gets ids that were checked before.</summary>
    public const string NotAdministrator = $"u.connection <> '{AdministratorUsers.Connection}'";

    private const string SelectOne =
        $"""SELECT {UserRow.Columns} FROM "user" u WHERE u.tenant_id = @tenant_id AND u.user_id = @user_id""";

    /// <summary>Without the columns that only sign-in writes, and those that never change.</summary>
    private const string UpdateOne = """
        UPDATE "user"
        SET connection = @connection, email = @email, email_verified = @email_verified, username = @username,
            phone_number = @phone_number, phone_verified = @phone_verified, name = @name, nickname = @nickname,
            given_name = @given_name, family_name = @family_name, picture = @picture, blocked = @blocked,
            user_metadata = @user_metadata, app_metadata = @app_metadata, password_hash = @password_hash,
            last_password_reset = @last_password_reset, updated_at = @updated_at, email_domain = @email_domain,
            name_search = @name_search, nickname_search = @nickname_search, given_name_search = @given_name_search,
            family_name_search = @family_name_search
        WHERE tenant_id = @tenant_id AND user_id = @user_id
        """;

    private static readonly string[] NotUpdated = ["last_login", "last_ip", "logins_count", "created_at"];

    public static ValueTask<User?> FindAsync(
        Session session, TenantId tenant, string userId, CancellationToken cancellationToken) =>
        session.FindAsync(One(SelectOne, tenant, userId), UserRow.Read, cancellationToken);

    /// <summary>The user cannot change until the unit ends.</summary>
    public static ValueTask<User?> LockAsync(
        UnitOfWork unit, TenantId tenant, string userId, CancellationToken cancellationToken) =>
        unit.FindAsync(One(unit.Locking(SelectOne), tenant, userId), UserRow.Read, cancellationToken);

    public static ValueTask<List<User>> ListByEmailAsync(
        Session session, TenantId tenant, string email, CancellationToken cancellationToken) =>
        session.QueryAsync(
            new Statement(
                $"""
                SELECT {UserRow.Columns} FROM "user" u
                WHERE u.tenant_id = @tenant_id AND u.email = @email AND {NotAdministrator}
                ORDER BY u.created_at, u.user_id
                """,
                ("tenant_id", tenant.Value),
                ("email", email)),
            UserRow.Read,
            cancellationToken);

    /// <summary>Users of all connections who have it as email address, user name or phone number.</summary>
    public static ValueTask<List<string>> ListIdsByIdentifierAsync(
        Session session, TenantId tenant, string identifier, CancellationToken cancellationToken) =>
        session.QueryAsync(
            new Statement(
                $"""
                SELECT u.user_id FROM "user" u
                WHERE u.tenant_id = @tenant_id AND (u.email = @email OR u.username = @identifier OR u.phone_number = @identifier)
                    AND {NotAdministrator}
                ORDER BY u.user_id LIMIT 100
                """,
                ("tenant_id", tenant.Value),
                ("email", UserText.Fold(identifier)),
                ("identifier", identifier)),
            row => row.GetString(0),
            cancellationToken);

    /// <summary>The user of a connection who has it as email address or, if there is none, as user name.</summary>
    public static ValueTask<User?> FindByLoginAsync(
        Session session, TenantId tenant, string connection, string identifier, CancellationToken cancellationToken) =>
        session.FindAsync(
            new Statement(
                $"""
                SELECT {UserRow.Columns} FROM "user" u
                WHERE u.tenant_id = @tenant_id AND u.connection = @connection AND (u.email = @email OR u.username = @identifier)
                ORDER BY CASE WHEN u.email = @email THEN 0 ELSE 1 END LIMIT 1
                """,
                ("tenant_id", tenant.Value),
                ("connection", connection),
                ("email", UserRules.NormalizeEmail(identifier)),
                ("identifier", identifier)),
            UserRow.Read,
            cancellationToken);

    /// <summary>Changes no row if the password was changed meanwhile.</summary>
    public static Statement SetPasswordHash(TenantId tenant, User user, string passwordHash) =>
        new("""
            UPDATE "user" SET password_hash = @password_hash
            WHERE tenant_id = @tenant_id AND user_id = @user_id AND password_hash = @before
            """,
            ("tenant_id", tenant.Value),
            ("user_id", user.UserId),
            ("before", user.PasswordHash),
            ("password_hash", passwordHash));

    /// <summary>Inserts any number of users with few statements.</summary>
    public static void Insert(UnitOfWork unit, TenantId tenant, params IReadOnlyList<User> users)
    {
        foreach (var statement in UserRow.Insert(tenant, users))
        {
            unit.Enqueue(statement);
        }

        UserTermStore.Insert(unit, tenant, users);
    }

    /// <summary>Skips users whose id, address or user name exists. The unit can continue after it.</summary>
    /// <param name="users">No two of them have the same id.</param>
    /// <returns>The ids of the users that were inserted.</returns>
    public static async ValueTask<HashSet<string>> InsertUnlessKnownAsync(
        UnitOfWork unit, TenantId tenant, IReadOnlyList<User> users, CancellationToken cancellationToken)
    {
        var inserted = new HashSet<string>(StringComparer.Ordinal);
        foreach (var statement in UserRow.InsertUnlessKnown(tenant, users))
        {
            inserted.UnionWith(await unit.QueryAsync(statement, row => row.GetString(0), cancellationToken));
        }

        UserTermStore.Insert(unit, tenant, [.. users.Where(user => inserted.Contains(user.UserId))]);
        return inserted;
    }

    /// <param name="key">A column that identifies a user of a connection, and its value.</param>
    public static async ValueTask<string?> FindIdAsync(
        Session session, TenantId tenant, string connection, (string Column, string Value) key, CancellationToken cancellationToken) =>
        await session.FindAsync(
            new Statement(
                $"""SELECT user_id FROM "user" WHERE tenant_id = @tenant_id AND connection = @connection AND {key.Column} = @value""",
                ("tenant_id", tenant.Value),
                ("connection", connection),
                ("value", key.Value)),
            row => row.GetString(0),
            cancellationToken);

    /// <summary>The users after an id, in the order of ids.</summary>
    /// <param name="step">A connection of null means all connections.</param>
    public static ValueTask<List<User>> ListAfterAsync(
        Session session, TenantId tenant, (string? Connection, string After, long Limit) step, CancellationToken cancellationToken) =>
        session.QueryAsync(
            new Statement(
                $"""
                SELECT {UserRow.Columns} FROM "user" u
                WHERE u.tenant_id = @tenant_id AND u.user_id > @after AND {NotAdministrator}
                    AND (CAST(@connection AS text) IS NULL OR u.connection = @connection)
                ORDER BY u.user_id LIMIT @limit
                """,
                ("tenant_id", tenant.Value),
                ("connection", step.Connection),
                ("after", step.After),
                ("limit", step.Limit)),
            UserRow.Read,
            cancellationToken);

    /// <param name="stored">The user as this unit has locked and read it.</param>
    public static void Update(UnitOfWork unit, TenantId tenant, User stored, User user)
    {
        unit.Enqueue(new Statement(UpdateOne, [.. UserRow.Values(tenant, user).Where(value => !NotUpdated.Contains(value.Name))]));
        UserTermStore.Update(unit, tenant, stored, user);
    }

    /// <summary>Also forgets the browsers that were remembered because of the factors.</summary>
    public static Statement FactorsRemoved(TenantId tenant, string userId, DateTimeOffset now) =>
        new("""
            UPDATE "user" SET factors_removed_at = @now WHERE tenant_id = @tenant_id AND user_id = @user_id
            """,
            ("now", now.ToUnixTimeMilliseconds()),
            ("tenant_id", tenant.Value),
            ("user_id", userId));

    /// <summary>Changes no row if the user has another address by now.</summary>
    public static Statement VerifyEmail(TenantId tenant, string userId, string email, DateTimeOffset now) =>
        new("""
            UPDATE "user" SET email_verified = @yes, updated_at = @now
            WHERE tenant_id = @tenant_id AND user_id = @user_id AND email = @email
            """,
            ("tenant_id", tenant.Value),
            ("user_id", userId),
            ("email", email),
            ("yes", true),
            ("now", now.ToUnixTimeMilliseconds()));

    public static Statement ForgetBrowsers(TenantId tenant, string userId, DateTimeOffset now) =>
        new("""UPDATE "user" SET browsers_forgotten_at = @now WHERE tenant_id = @tenant_id AND user_id = @user_id""",
            ("now", now.ToUnixTimeMilliseconds()),
            ("tenant_id", tenant.Value),
            ("user_id", userId));

    public static Statement Delete(TenantId tenant, string userId) =>
        One("""DELETE FROM "user" WHERE tenant_id = @tenant_id AND user_id = @user_id""", tenant, userId);

    private static Statement One(string text, TenantId tenant, string userId) =>
        new(text, ("tenant_id", tenant.Value), ("user_id", userId));
}
