using System.Data.Common;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Factors;

/// <summary>Table <c>authenticator</c>.</summary>
internal static class AuthenticatorStore
{
    /// <summary>In the order of <see cref="Read"/>; the table has the alias <c>a</c>.</summary>
    public const string Columns = """
        a.authenticator_id, a.user_id, a.factor, a.is_enrollment, a.status, a.transaction_id, a.name, a.link_id, a.unique_key, a.data,
        a.created_at, a.enrolled_at, a.last_auth_at, a.preferred_at, a.halted_at
        """;

    public const int ColumnCount = 15;

    private const string InsertText = """
        INSERT INTO authenticator (tenant_id, authenticator_id, user_id, factor, is_enrollment, status, transaction_id, name, link_id,
            unique_key, data, created_at, enrolled_at)
        VALUES (@tenant_id, @authenticator_id, @user_id, @factor, @is_enrollment, @status, @transaction_id, @name, @link_id,
            @unique_key, @data, @created_at, @enrolled_at)
        """;

    public static Statement Insert(Authenticator authenticator) => new(InsertText, Parameters(authenticator));

    /// <summary>Changes no row if a confirmed authenticator with its <see cref="Authenticator.UniqueKey"/> exists.</summary>
    public static Statement InsertUnlessKnown(Authenticator authenticator) =>
        new(InsertText + " ON CONFLICT DO NOTHING", Parameters(authenticator));

    public static ValueTask<Authenticator?> FindAsync(
        Session session, TenantId tenant, string id, CancellationToken cancellationToken) =>
        session.FindAsync(
            new Statement(
                $"SELECT {Columns} FROM authenticator a WHERE a.tenant_id = @tenant_id AND a.authenticator_id = @id",
                ("tenant_id", tenant.Value),
                ("id", id)),
            row => Read(row, tenant),
            cancellationToken);

    /// <summary>Confirmed and pending authenticators of a user, oldest first.</summary>
    public static ValueTask<List<Authenticator>> ListAsync(
        Session session, TenantId tenant, string userId, CancellationToken cancellationToken) =>
        session.QueryAsync(
            new Statement(
                $"""
                SELECT {Columns} FROM authenticator a
                WHERE a.tenant_id = @tenant_id AND a.user_id = @user_id
                ORDER BY a.created_at, a.authenticator_id
                """,
                ("tenant_id", tenant.Value),
                ("user_id", userId)),
            row => Read(row, tenant),
            cancellationToken);

    /// <summary>Newest first.</summary>
    public static ValueTask<List<Authenticator>> ListConfirmedAsync(
        Session session, TenantId tenant, string userId, CancellationToken cancellationToken) =>
        session.QueryAsync(
            new Statement(
                $"""
                SELECT {Columns} FROM authenticator a
                WHERE a.tenant_id = @tenant_id AND a.user_id = @user_id AND a.status = 'confirmed'
                ORDER BY a.enrolled_at DESC, a.authenticator_id
                """,
                ("tenant_id", tenant.Value),
                ("user_id", userId)),
            row => Read(row, tenant),
            cancellationToken);

    /// <summary>The next users, by id, who have authenticators of a factor that were made until then.</summary>
    public static ValueTask<List<string>> ListUsersAsync(
        Session session, TenantId tenant, (string Factor, DateTimeOffset Until, string After, int Limit) page, CancellationToken cancellationToken) =>
        session.QueryAsync(
            new Statement(
                """
                SELECT DISTINCT user_id FROM authenticator
                WHERE tenant_id = @tenant_id AND user_id > @after AND factor = @factor AND created_at <= @until
                ORDER BY user_id
                LIMIT @limit
                """,
                ("tenant_id", tenant.Value),
                ("factor", page.Factor),
                ("until", page.Until.ToUnixTimeMilliseconds()),
                ("after", page.After),
                ("limit", (long)page.Limit)),
            row => row.GetString(0),
            cancellationToken);

    public static async ValueTask<long> CountUsersAsync(
        Session session, TenantId tenant, string factor, DateTimeOffset until, CancellationToken cancellationToken) =>
        (await session.QueryAsync(
            new Statement(
                "SELECT count(DISTINCT user_id) FROM authenticator WHERE tenant_id = @tenant_id AND factor = @factor AND created_at <= @until",
                ("tenant_id", tenant.Value),
                ("factor", factor),
                ("until", until.ToUnixTimeMilliseconds())),
            row => row.GetInt64(0),
            cancellationToken))[0];

    /// <summary>
    /// Confirms a pending authenticator. Changes no row if its user is enrolled already and <paramref name="besideOthers"/> is false.
    /// </summary>
    public static Statement Confirm(Authenticator authenticator, bool besideOthers, DateTimeOffset now) =>
        new("""
            UPDATE authenticator SET status = 'confirmed', enrolled_at = @now
            WHERE tenant_id = @tenant_id AND authenticator_id = @authenticator_id AND status = 'pending'
                AND (@beside_others OR NOT EXISTS (
                    SELECT 1 FROM authenticator other
                    WHERE other.tenant_id = @tenant_id AND other.user_id = @user_id AND other.status = 'confirmed' AND other.is_enrollment))
            """,
            ("tenant_id", authenticator.Tenant.Value),
            ("authenticator_id", authenticator.Id),
            ("user_id", authenticator.UserId),
            ("beside_others", besideOthers),
            ("now", now.ToUnixTimeMilliseconds()));

    /// <summary>
    /// Records a use and stores what the factor knows afterwards. Changes no row if another use has changed the data since
    /// <paramref name="authenticator"/> was read: this is how a code is accepted once.
    /// </summary>
    public static Statement Use(Authenticator authenticator, string newData, DateTimeOffset now) =>
        new("""
            UPDATE authenticator SET data = @new_data, last_auth_at = @now
            WHERE tenant_id = @tenant_id AND authenticator_id = @authenticator_id AND data = @data
            """,
            ("tenant_id", authenticator.Tenant.Value),
            ("authenticator_id", authenticator.Id),
            ("data", authenticator.Data),
            ("new_data", newData),
            ("now", now.ToUnixTimeMilliseconds()));

    /// <summary>Replaces the data unless it has changed since <paramref name="authenticator"/> was read.</summary>
    public static Statement Replace(Authenticator authenticator, string newData) =>
        new("""
            UPDATE authenticator SET data = @new_data
            WHERE tenant_id = @tenant_id AND authenticator_id = @authenticator_id AND data = @data
            """,
            ("new_data", newData),
            ("tenant_id", authenticator.Tenant.Value),
            ("authenticator_id", authenticator.Id),
            ("data", authenticator.Data));

    /// <summary>Halts the challenges of one factor to a user.</summary>
    public static Statement Halt(TenantId tenant, string userId, string factor, DateTimeOffset now) =>
        new("""
            UPDATE authenticator SET halted_at = @now
            WHERE tenant_id = @tenant_id AND user_id = @user_id AND factor = @factor AND status = 'confirmed' AND halted_at IS NULL
            """,
            ("now", now.ToUnixTimeMilliseconds()),
            ("tenant_id", tenant.Value),
            ("user_id", userId),
            ("factor", factor));

    /// <summary>Resumes all challenges to a user.</summary>
    public static Statement Resume(TenantId tenant, string userId) =>
        new("UPDATE authenticator SET halted_at = NULL WHERE tenant_id = @tenant_id AND user_id = @user_id AND halted_at IS NOT NULL",
            ("tenant_id", tenant.Value),
            ("user_id", userId));

    /// <summary>Gives a pending authenticator what its user, or its device, has registered. Changes no row if it is confirmed already.</summary>
    public static Statement Register(Authenticator registered) =>
        new("""
            UPDATE authenticator SET data = @data, unique_key = @unique_key, name = @name, link_id = @link_id, is_enrollment = @is_enrollment
            WHERE tenant_id = @tenant_id AND authenticator_id = @authenticator_id AND status = 'pending'
            """,
            ("data", registered.Data),
            ("unique_key", registered.UniqueKey),
            ("name", registered.Name),
            ("link_id", registered.LinkId),
            ("is_enrollment", registered.IsEnrollment),
            ("tenant_id", registered.Tenant.Value),
            ("authenticator_id", registered.Id));

    /// <summary>A confirmed authenticator, of any user, has the unique key.</summary>
    public static async ValueTask<bool> IsTakenAsync(Session session, TenantId tenant, string uniqueKey, CancellationToken cancellationToken) =>
        (await session.QueryAsync(
            new Statement(
                "SELECT 1 FROM authenticator WHERE tenant_id = @tenant_id AND unique_key = @unique_key AND status = 'confirmed'",
                ("tenant_id", tenant.Value),
                ("unique_key", uniqueKey)),
            row => true,
            cancellationToken)).Count > 0;

    public static Statement Delete(TenantId tenant, string id) =>
        new("DELETE FROM authenticator WHERE tenant_id = @tenant_id AND authenticator_id = @id",
            ("tenant_id", tenant.Value),
            ("id", id));

    public static Statement DeleteConfirmed(TenantId tenant, string userId, string factor) =>
        new("""
            DELETE FROM authenticator
            WHERE tenant_id = @tenant_id AND user_id = @user_id AND factor = @factor AND status = 'confirmed'
            """,
            ("tenant_id", tenant.Value),
            ("user_id", userId),
            ("factor", factor));

    /// <summary>Removes a fallback once no enrollment is left that it could replace.</summary>
    public static Statement DeleteConfirmedIfNotEnrolled(TenantId tenant, string userId, string factor) =>
        new("""
            DELETE FROM authenticator
            WHERE tenant_id = @tenant_id AND user_id = @user_id AND factor = @factor AND status = 'confirmed'
                AND NOT EXISTS (
                    SELECT 1 FROM authenticator other
                    WHERE other.tenant_id = @tenant_id AND other.user_id = @user_id AND other.status = 'confirmed' AND other.is_enrollment)
            """,
            ("tenant_id", tenant.Value),
            ("user_id", userId),
            ("factor", factor));

    /// <summary>Changes no row if the authenticator was confirmed or removed.</summary>
    public static Statement UpdatePending(Authenticator authenticator) =>
        new("""
            UPDATE authenticator SET data = @data
            WHERE tenant_id = @tenant_id AND authenticator_id = @authenticator_id AND status = 'pending'
            """,
            ("data", authenticator.Data),
            ("tenant_id", authenticator.Tenant.Value),
            ("authenticator_id", authenticator.Id));

    public static Statement Update(Authenticator authenticator) =>
        new("""
            UPDATE authenticator SET name = @name, data = @data
            WHERE tenant_id = @tenant_id AND authenticator_id = @authenticator_id
            """,
            ("name", authenticator.Name),
            ("data", authenticator.Data),
            ("tenant_id", authenticator.Tenant.Value),
            ("authenticator_id", authenticator.Id));

    /// <summary>Makes it the one that its user is asked for first. Changes no row if it is not a confirmed one of that user.</summary>
    public static Statement Prefer(TenantId tenant, string userId, string id, DateTimeOffset now) =>
        new("""
            UPDATE authenticator SET preferred_at = @now
            WHERE tenant_id = @tenant_id AND user_id = @user_id AND authenticator_id = @authenticator_id AND status = 'confirmed'
            """,
            ("now", now.ToUnixTimeMilliseconds()),
            ("tenant_id", tenant.Value),
            ("user_id", userId),
            ("authenticator_id", id));

    /// <summary>Changes no row if it is not a confirmed one of that user.</summary>
    public static Statement Rename(TenantId tenant, string userId, (string Id, string? Name) renamed) =>
        new("""
            UPDATE authenticator SET name = @name
            WHERE tenant_id = @tenant_id AND user_id = @user_id AND authenticator_id = @authenticator_id AND status = 'confirmed'
            """,
            ("name", renamed.Name),
            ("tenant_id", tenant.Value),
            ("user_id", userId),
            ("authenticator_id", renamed.Id));

    public static Authenticator Read(DbDataReader row, TenantId tenant, int first = 0) => new()
    {
        Tenant = tenant,
        Id = row.GetString(first),
        UserId = row.GetString(first + 1),
        Factor = row.GetString(first + 2),
        IsEnrollment = row.GetBoolean(first + 3),
        Status = row.GetString(first + 4) == StatusName(AuthenticatorStatus.Confirmed)
            ? AuthenticatorStatus.Confirmed
            : AuthenticatorStatus.Pending,
        TransactionId = row.GetStringOrNull(first + 5),
        Name = row.GetStringOrNull(first + 6),
        LinkId = row.GetStringOrNull(first + 7),
        UniqueKey = row.GetStringOrNull(first + 8),
        Data = row.GetString(first + 9),
        CreatedAt = row.GetInstant(first + 10),
        EnrolledAt = row.GetInstantOrNull(first + 11),
        LastAuthAt = row.GetInstantOrNull(first + 12),
        PreferredAt = row.GetInstantOrNull(first + 13),
        HaltedAt = row.GetInstantOrNull(first + 14),
    };

    private static (string, SqlValue)[] Parameters(Authenticator authenticator) =>
    [
        ("tenant_id", authenticator.Tenant.Value),
        ("authenticator_id", authenticator.Id),
        ("user_id", authenticator.UserId),
        ("factor", authenticator.Factor),
        ("is_enrollment", authenticator.IsEnrollment),
        ("status", StatusName(authenticator.Status)),
        ("transaction_id", authenticator.TransactionId),
        ("name", authenticator.Name),
        ("link_id", authenticator.LinkId),
        ("unique_key", authenticator.UniqueKey),
        ("data", authenticator.Data),
        ("created_at", authenticator.CreatedAt.ToUnixTimeMilliseconds()),
        ("enrolled_at", authenticator.EnrolledAt?.ToUnixTimeMilliseconds()),
    ];

    public static string StatusName(AuthenticatorStatus status) => status switch
    {
        AuthenticatorStatus.Pending => "pending",
        AuthenticatorStatus.Confirmed => "confirmed",
    };
}
