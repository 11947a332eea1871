using System.Buffers.Text;
using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Sallyport.Server.Clients;
using Sallyport.Server.Security;
using Sallyport.Server.Storage;
using Sallyport.Server.Transactions;
using Sallyport.Server.Users;

namespace Sallyport.Server.SignIn.OpenIdConnect;

/// <summary>A row of <c>authorization_request</c>.</summary>
internal sealed record StoredAuthorization(string Id, byte[] BrowserHash, string ClientId, AuthorizationRequest Request, DateTimeOffset ExpiresAt)
{
    public string? UserId { get; init; }

    public string? TransactionId { get; init; }

    /// <summary>When its code was exchanged for tokens.</summary>
    public DateTimeOffset? ExchangedAt { get; init; }

    /// <summary>It has got its code, or its ID token. It gets no other one.</summary>
    public bool IsAnswered => TransactionId is not null;
}

/// <summary>Table <c>authorization_request</c>.</summary>
internal static class AuthorizationStore
{
    private const string Columns = "request_id, browser_hash, client_id, parameters, expires_at, user_id, transaction_id, exchanged_at";

    public static Statement Insert(TenantId tenant, OpenAuthorization authorization, byte[] browserHash, DateTimeOffset expiresAt) =>
        new("""
            INSERT INTO authorization_request (tenant_id, request_id, browser_hash, client_id, parameters, expires_at)
            VALUES (@tenant_id, @request_id, @browser_hash, @client_id, @parameters, @expires_at)
            """,
            ("tenant_id", tenant.Value),
            ("request_id", authorization.Id),
            ("browser_hash", browserHash),
            ("client_id", authorization.Client.ClientId),
            ("parameters", authorization.Request.ToJson()),
            ("expires_at", expiresAt.ToUnixTimeMilliseconds()));

    public static ValueTask<StoredAuthorization?> FindAsync(
        Session session, TenantId tenant, string requestId, CancellationToken cancellationToken) =>
        session.FindAsync(
            new Statement(
                $"SELECT {Columns} FROM authorization_request WHERE tenant_id = @tenant_id AND request_id = @request_id",
                ("tenant_id", tenant.Value),
                ("request_id", requestId)),
            Read,
            cancellationToken);

    public static ValueTask<StoredAuthorization?> FindByCodeAsync(
        Session session, TenantId tenant, byte[] codeHash, CancellationToken cancellationToken) =>
        session.FindAsync(
            new Statement(
                $"SELECT {Columns} FROM authorization_request WHERE tenant_id = @tenant_id AND code_hash = @code_hash",
                ("tenant_id", tenant.Value),
                ("code_hash", codeHash)),
            Read,
            cancellationToken);

    /// <summary>Answers an authorization. Changes one row for the first request, none afterwards.</summary>
    /// <param name="code">Null if it is not answered with a code.</param>
    public static Statement Answer(string requestId, Transaction transaction, (byte[] Hash, DateTimeOffset ExpiresAt)? code, DateTimeOffset now) =>
        new("""
            UPDATE authorization_request
            SET user_id = @user_id, transaction_id = @transaction_id, code_hash = @code_hash, code_expires_at = @code_expires_at
            WHERE tenant_id = @tenant_id AND request_id = @request_id AND transaction_id IS NULL AND expires_at > @now
            """,
            ("user_id", transaction.UserId),
            ("transaction_id", transaction.Id),
            ("code_hash", code?.Hash),
            ("code_expires_at", code?.ExpiresAt.ToUnixTimeMilliseconds()),
            ("tenant_id", transaction.Tenant.Value),
            ("request_id", requestId),
            ("now", now.ToUnixTimeMilliseconds()));

    /// <summary>Uses a code. Changes one row for the first request, none afterwards.</summary>
    public static Statement Exchange(TenantId tenant, byte[] codeHash, DateTimeOffset now) =>
        new("""
            UPDATE authorization_request SET exchanged_at = @now
            WHERE tenant_id = @tenant_id AND code_hash = @code_hash AND exchanged_at IS NULL AND ended_at IS NULL AND code_expires_at > @now
            """,
            ("now", now.ToUnixTimeMilliseconds()),
            ("tenant_id", tenant.Value),
            ("code_hash", codeHash));

    /// <summary>Revokes the tokens of a code that was used before. Changes no row for any other code.</summary>
    public static Statement Revoke(TenantId tenant, byte[] codeHash, DateTimeOffset now) =>
        new("""
            UPDATE authorization_request SET revoked_at = @now
            WHERE tenant_id = @tenant_id AND code_hash = @code_hash AND exchanged_at IS NOT NULL AND revoked_at IS NULL
            """,
            ("now", now.ToUnixTimeMilliseconds()),
            ("tenant_id", tenant.Value),
            ("code_hash", codeHash));

    /// <summary>Finds an authorization whose tokens are revoked.</summary>
    public static ValueTask<string?> FindRevokedAsync(Session session, TenantId tenant, string requestId, CancellationToken cancellationToken) =>
        session.FindAsync(
            new Statement(
                "SELECT request_id FROM authorization_request WHERE tenant_id = @tenant_id AND request_id = @request_id AND revoked_at IS NOT NULL",
                ("tenant_id", tenant.Value),
                ("request_id", requestId)),
            row => row.GetString(0),
            cancellationToken);

    /// <param name="transactions">SQL for the ids of the transactions whose codes end.</param>
    public static Statement End(
        string transactions, TenantId tenant, string userId, DateTimeOffset now, params (string Name, SqlValue Value)[] parameters) =>
        new($"""
            UPDATE authorization_request SET ended_at = @now
            WHERE tenant_id = @tenant_id AND exchanged_at IS NULL AND ended_at IS NULL AND transaction_id IN ({transactions})
                AND request_id IN (SELECT k.request_id FROM authorization_request k WHERE k.tenant_id = @tenant_id AND k.user_id = @user_id)
            """,
            [("now", now.ToUnixTimeMilliseconds()), ("tenant_id", tenant.Value), ("user_id", userId), .. parameters]);

    private static StoredAuthorization Read(DbDataReader row) =>
        new(row.GetString(0), row.GetBytes(1), row.GetString(2), AuthorizationRequest.Parse(row.GetString(3)), row.GetInstant(4))
        {
            UserId = row.GetStringOrNull(5),
            TransactionId = row.GetStringOrNull(6),
            ExchangedAt = row.GetInstantOrNull(7),
        };
}

/// <summary>Table <c>pushed_request</c>.</summary>
internal static class PushedRequestStore
{
    public static Statement Insert(TenantId tenant, byte[] hash, PushedRequest pushed, DateTimeOffset expiresAt) =>
        new("""
            INSERT INTO pushed_request (tenant_id, request_hash, client_id, parameters, is_authenticated, expires_at)
            VALUES (@tenant_id, @request_hash, @client_id, @parameters, @is_authenticated, @expires_at)
            """,
            ("tenant_id", tenant.Value),
            ("request_hash", hash),
            ("client_id", pushed.Request.ClientId),
            ("parameters", pushed.Request.ToJson()),
            ("is_authenticated", pushed.IsAuthenticated),
            ("expires_at", expiresAt.ToUnixTimeMilliseconds()));

    /// <summary>Changes one row for the first request of this client, none for any other.</summary>
    public static Statement Use(TenantId tenant, byte[] hash, string clientId, DateTimeOffset now) =>
        new("""
            UPDATE pushed_request SET used_at = @now
            WHERE tenant_id = @tenant_id AND request_hash = @request_hash AND client_id = @client_id AND used_at IS NULL AND expires_at > @now
            """,
            ("now", now.ToUnixTimeMilliseconds()),
            ("tenant_id", tenant.Value),
            ("request_hash", hash),
            ("client_id", clientId));

    public static ValueTask<PushedRequest?> FindAsync(Session session, TenantId tenant, byte[] hash, CancellationToken cancellationToken) =>
        session.FindAsync(
            new Statement(
                "SELECT parameters, is_authenticated FROM pushed_request WHERE tenant_id = @tenant_id AND request_hash = @request_hash",
                ("tenant_id", tenant.Value),
                ("request_hash", hash)),
            row => new PushedRequest(AuthorizationRequest.Parse(row.GetString(0)), row.GetBoolean(1)),
            cancellationToken);
}

/// <summary>Codes as credentials that end, because no tokens may follow what has ended their user's sign-in.</summary>
internal sealed class AuthorizationCredentials : IUserCredential
{
    private const string All = """SELECT t.transaction_id FROM "transaction" t WHERE t.tenant_id = @tenant_id AND t.user_id = @user_id""";

    public IEnumerable<Statement> EndAll(TenantId tenant, string userId, DateTimeOffset now) => [AuthorizationStore.End(All, tenant, userId, now)];

    public IEnumerable<Statement> EndSignIns(TenantId tenant, string userId, DateTimeOffset now) => EndAll(tenant, userId, now);

    public IEnumerable<Statement> EndWith(RemovedEnrollment removed, DateTimeOffset now) =>
    [
        AuthorizationStore.End(
            $"{All} AND (t.proved_by = @proved_by OR t.waived_by = '{Waiver.RememberedBrowser}')",
            removed.Tenant, removed.UserId, now, ("proved_by", removed.AuthenticatorId)),
    ];
}

/// <summary>The access tokens of codes that were used twice. Their ids are those of the authorizations.</summary>
internal sealed class AuthorizationTokenRevocations(Database database, TenantId tenant) : ITokenRevocations
{
    public async ValueTask<bool> IncludesAsync(string tokenId, CancellationToken cancellationToken) =>
        await database.ReadAsync(session => AuthorizationStore.FindRevokedAsync(session, tenant, tokenId, cancellationToken), cancellationToken) is not null;
}

/// <summary>The secrets of an authorization, and their hashes.</summary>
internal sealed class AuthorizationSecrets(SecretHash hash, TimeProvider clock)
{
    private const int IdLength = 20;
    private const int SecretLength = 43;

    public DateTimeOffset Now => clock.GetUtcNow();

    public static string NewId() => Tokens.NewAlphaNumeric(IdLength);

    public static string NewSecret() => Tokens.NewAlphaNumeric(SecretLength);

    /// <summary>The <c>code_challenge</c> of a verifier (RFC 7636 section 4.2).</summary>
    public static string ChallengeOf(string verifier) => Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));

    public byte[] HashPushed(string reference) => hash.PushedRequest(reference);

    public byte[] HashCode(string code) => hash.AuthorizationCode(code);

    public byte[] HashBrowser(BrowserBinding binding) => hash.AuthorizationBrowser(binding.RequestId, binding.Secret);
}
