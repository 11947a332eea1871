using System.Data.Common;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Factors;

/// <summary>Table <c>authenticator</c>.</summary>
internal static class AuthenticatorStore
{
    /// <summary>In the order of <see cref="Read"/>; the table goes by the name <c>a</c>.</summary>
    public const string Columns = """
        a.authenticator_id, a.user_id, a.factor, a.status, a.transaction_id, a.name, a.sealed_secret, a.secret_hash,
        a.last_step, a.created_at, a.enrolled_at, a.last_auth_at, a.phone_number, a.email, a.preferred_method, a.link_id, a.key_id,
        a.credential
        """;

    public const int ColumnCount = 18;

    private const string InsertText = """
        INSERT INTO authenticator (tenant_id, authenticator_id, user_id, factor, status, transaction_id, name, sealed_secret,
            secret_hash, created_at, enrolled_at, phone_number, email, preferred_method, link_id, key_id, credential)
        VALUES (@tenant_id, @authenticator_id, @user_id, @factor, @status, @transaction_id, @name, @sealed_secret,
            @secret_hash, @created_at, @enrolled_at, @phone_number, @email, @preferred_method, @link_id, @key_id, @credential)
        """;

    public static Statement Insert(Authenticator authenticator) => new(InsertText, Parameters(authenticator));

    /// <summary>Changes no row where its WebAuthn credential is known already, of whomever.</summary>
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

    /// <summary>The confirmed ones and the pending ones, oldest first.</summary>
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

    /// <summary>
    /// Confirms a pending authenticator, unless its user has another one already and
    /// <paramref name="besideOthers"/> is false.
    /// </summary>
    public static Statement Confirm(Authenticator authenticator, bool besideOthers, DateTimeOffset now) =>
        new("""
            UPDATE authenticator SET status = 'confirmed', enrolled_at = @now
            WHERE tenant_id = @tenant_id AND authenticator_id = @authenticator_id AND status = 'pending'
                AND (@beside_others OR NOT EXISTS (
                    SELECT 1 FROM authenticator other
                    WHERE other.tenant_id = @tenant_id AND other.user_id = @user_id AND other.status = 'confirmed'
                        AND other.factor NOT IN ('recovery-code', 'passkey')))
            """,
            ("tenant_id", authenticator.Tenant.Value),
            ("authenticator_id", authenticator.Id),
            ("user_id", authenticator.UserId),
            ("beside_others", besideOthers),
            ("now", now.ToUnixTimeMilliseconds()));

    /// <summary>Makes room for the recovery code of an enrollment that is being confirmed: the one shown last counts.</summary>
    public static Statement DeleteRecoveryCode(TenantId tenant, string userId) =>
        new("""
            DELETE FROM authenticator
            WHERE tenant_id = @tenant_id AND user_id = @user_id AND factor = 'recovery-code' AND status = 'confirmed'
            """,
            ("tenant_id", tenant.Value),
            ("user_id", userId));

    public static Statement Delete(TenantId tenant, string id) =>
        new("DELETE FROM authenticator WHERE tenant_id = @tenant_id AND authenticator_id = @id",
            ("tenant_id", tenant.Value),
            ("id", id));

    /// <summary>With the last authenticator goes the recovery code that stood in for it.</summary>
    public static Statement DeleteOrphanedRecoveryCode(TenantId tenant, string userId) =>
        new("""
            DELETE FROM authenticator
            WHERE tenant_id = @tenant_id AND user_id = @user_id AND factor = 'recovery-code' AND status = 'confirmed'
                AND NOT EXISTS (
                    SELECT 1 FROM authenticator other
                    WHERE other.tenant_id = @tenant_id AND other.user_id = @user_id AND other.status = 'confirmed'
                        AND other.factor NOT IN ('recovery-code', 'passkey'))
            """,
            ("tenant_id", tenant.Value),
            ("user_id", userId));

    /// <summary>What is null stays as it is.</summary>
    public static Statement Rename(Authenticator authenticator, string? name, string? preferredMethod) =>
        new("""
            UPDATE authenticator
            SET name = coalesce(@name, name), preferred_method = coalesce(@preferred_method, preferred_method)
            WHERE tenant_id = @tenant_id AND authenticator_id = @authenticator_id
            """,
            ("name", name),
            ("preferred_method", preferredMethod),
            ("tenant_id", authenticator.Tenant.Value),
            ("authenticator_id", authenticator.Id));

    public static Authenticator Read(DbDataReader row, TenantId tenant, int first = 0) => new()
    {
        Tenant = tenant,
        Id = row.GetString(first),
        UserId = row.GetString(first + 1),
        Factor = row.GetString(first + 2),
        Status = row.GetString(first + 3) == StatusName(AuthenticatorStatus.Confirmed)
            ? AuthenticatorStatus.Confirmed
            : AuthenticatorStatus.Pending,
        TransactionId = row.GetStringOrNull(first + 4),
        Name = row.GetStringOrNull(first + 5),
        SealedSecret = row.GetBytesOrNull(first + 6),
        SecretHash = row.GetBytesOrNull(first + 7),
        LastStep = row.GetInt64OrNull(first + 8),
        CreatedAt = row.GetInstant(first + 9),
        EnrolledAt = row.GetInstantOrNull(first + 10),
        LastAuthAt = row.GetInstantOrNull(first + 11),
        PhoneNumber = row.GetStringOrNull(first + 12),
        Email = row.GetStringOrNull(first + 13),
        PreferredMethod = row.GetStringOrNull(first + 14),
        LinkId = row.GetStringOrNull(first + 15),
        KeyId = row.GetStringOrNull(first + 16),
        Credential = row.GetStringOrNull(first + 17),
    };

    private static (string, SqlValue)[] Parameters(Authenticator authenticator) =>
    [
        ("tenant_id", authenticator.Tenant.Value),
        ("authenticator_id", authenticator.Id),
        ("user_id", authenticator.UserId),
        ("factor", authenticator.Factor),
        ("status", StatusName(authenticator.Status)),
        ("transaction_id", authenticator.TransactionId),
        ("name", authenticator.Name),
        ("sealed_secret", authenticator.SealedSecret),
        ("secret_hash", authenticator.SecretHash),
        ("created_at", authenticator.CreatedAt.ToUnixTimeMilliseconds()),
        ("enrolled_at", authenticator.EnrolledAt?.ToUnixTimeMilliseconds()),
        ("phone_number", authenticator.PhoneNumber),
        ("email", authenticator.Email),
        ("preferred_method", authenticator.PreferredMethod),
        ("link_id", authenticator.LinkId),
        ("key_id", authenticator.KeyId),
        ("credential", authenticator.Credential),
    ];

    public static string StatusName(AuthenticatorStatus status) => status switch
    {
        AuthenticatorStatus.Pending => "pending",
        AuthenticatorStatus.Confirmed => "confirmed",
    };
}
