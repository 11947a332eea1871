using Sallyport.Server.Policies;
using Sallyport.Server.Storage;
using Sallyport.Server.Transactions;

namespace Sallyport.Server.SignIn;

/// <summary>A sign-in in a browser that may be remembered.</summary>
/// <param name="Hashes">Hashes of the secrets in the cookie, bound to the user; at least one.</param>
internal sealed record BrowserSignIn(TransactionIdentity Identity, IReadOnlyList<byte[]> Hashes, MfaSessionSettings Settings, DateTimeOffset Now);

/// <summary>Table <c>remembered_browser</c>.</summary>
internal static class RememberedBrowserStore
{
    private const string Hashes = "@hash_0, @hash_1, @hash_2, @hash_3, @hash_4";

    /// <summary>
    /// SQL that is true for a transaction <c>t</c> of which the browser is remembered: for this user, neither too long ago nor unused for
    /// too long, not forgotten since, with the factors that the user had then, and by a factor that may prove this transaction.
    /// </summary>
    private const string IsRemembered = $"""
        EXISTS (
            SELECT 1
            FROM remembered_browser b
            JOIN "user" u ON u.tenant_id = b.tenant_id AND u.user_id = b.user_id
            WHERE b.tenant_id = @tenant_id AND b.user_id = @user_id AND b.browser_hash IN ({Hashes})
                AND b.created_at > @created_after AND b.last_used_at > @used_after
                AND b.created_at > coalesce(u.browsers_forgotten_at, 0)
                AND NOT coalesce(u.blocked, false)
                AND (t.factors IS NULL OR ' ' || t.factors || ' ' LIKE '% ' || b.factor || ' %')
                AND EXISTS (
                    SELECT 1 FROM authenticator a
                    WHERE a.tenant_id = b.tenant_id AND a.user_id = b.user_id AND a.status = 'confirmed' AND a.is_enrollment)
                AND NOT EXISTS (
                    SELECT 1 FROM authenticator a
                    WHERE a.tenant_id = b.tenant_id AND a.user_id = b.user_id AND a.status = 'confirmed' AND a.enrolled_at > b.created_at))
        """;

    /// <summary>
    /// Accepts a sign-in without a second factor if its browser is remembered. Changes one row for the first request, none afterwards.
    /// A sign-in that a person has rejected is not accepted.
    /// </summary>
    public static Statement Accept(BrowserSignIn signIn) =>
        new($"""
            UPDATE "transaction" AS t
            SET state = 'accepted', waived_by = '{Waiver.RememberedBrowser}', accepted_at = @now, enrolls = false
            WHERE t.tenant_id = @tenant_id AND t.transaction_id = @transaction_id AND t.user_id = @user_id
                AND t.state = 'pending' AND t.expires_at > @now AND {IsRemembered}
            """,
            Parameters(signIn));

    /// <summary>Whether the sign-in was accepted because this browser is remembered, and its result was not taken yet.</summary>
    public static Query<string> FindAccepted(BrowserSignIn signIn) =>
        new(
            new Statement(
                $"""
                SELECT t.transaction_id FROM "transaction" t
                WHERE t.tenant_id = @tenant_id AND t.transaction_id = @transaction_id AND t.user_id = @user_id
                    AND t.state = 'accepted' AND t.waived_by = '{Waiver.RememberedBrowser}' AND t.redeemed_at IS NULL AND t.expires_at > @now
                    AND {IsRemembered}
                """,
                Parameters(signIn)),
            row => row.GetString(0));

    public static Statement Use(BrowserSignIn signIn) =>
        new($"""
            UPDATE remembered_browser SET last_used_at = @now
            WHERE tenant_id = @tenant_id AND user_id = @user_id AND browser_hash IN ({Hashes})
            """,
            Keys(signIn));

    /// <summary>For the user alone: a browser remembers other users, too.</summary>
    public static Statement Delete(BrowserSignIn signIn) =>
        new($"DELETE FROM remembered_browser WHERE tenant_id = @tenant_id AND user_id = @user_id AND browser_hash IN ({Hashes})", Keys(signIn)[1..]);

    /// <summary>
    /// Marks a sign-in whose browser is remembered. Changes one row for the first request, none afterwards, and none unless a second factor
    /// has proved the sign-in: a remembered browser does not prolong itself.
    /// </summary>
    public static Statement Mark(TransactionIdentity identity, DateTimeOffset now) =>
        new("""
            UPDATE "transaction" AS t SET remembers_browser = true
            WHERE t.tenant_id = @tenant_id AND t.transaction_id = @transaction_id AND t.user_id = @user_id
                AND t.state = 'accepted' AND t.proved_by IS NOT NULL AND t.redeemed_at IS NULL AND t.expires_at > @now AND NOT t.remembers_browser
                AND EXISTS (
                    SELECT 1 FROM "user" u
                    WHERE u.tenant_id = t.tenant_id AND u.user_id = t.user_id AND NOT coalesce(u.blocked, false)
                        AND t.accepted_at > coalesce(u.browsers_forgotten_at, 0))
            """,
            ("now", now.ToUnixTimeMilliseconds()),
            ("tenant_id", identity.Tenant.Value),
            ("transaction_id", identity.TransactionId),
            ("user_id", identity.UserId));

    /// <summary>Its age counts from the second factor. Changes no row if the authenticator that proved the sign-in is gone.</summary>
    public static Statement Insert(TransactionIdentity identity, byte[] hash, DateTimeOffset now) =>
        new("""
            INSERT INTO remembered_browser (tenant_id, browser_hash, user_id, factor, created_at, last_used_at)
            SELECT t.tenant_id, @browser_hash, t.user_id, a.factor, t.accepted_at, @now
            FROM "transaction" t
            JOIN authenticator a ON a.tenant_id = t.tenant_id AND a.authenticator_id = t.proved_by AND a.status = 'confirmed'
            WHERE t.tenant_id = @tenant_id AND t.transaction_id = @transaction_id
            """,
            ("browser_hash", hash),
            ("now", now.ToUnixTimeMilliseconds()),
            ("tenant_id", identity.Tenant.Value),
            ("transaction_id", identity.TransactionId));

    private static (string, SqlValue)[] Parameters(BrowserSignIn signIn) =>
    [
        .. Keys(signIn),
        ("transaction_id", signIn.Identity.TransactionId),
        ("created_after", (signIn.Now - TimeSpan.FromSeconds(signIn.Settings.OverallTimeout)).ToUnixTimeMilliseconds()),
        ("used_after", (signIn.Now - TimeSpan.FromSeconds(signIn.Settings.InactivityTimeout)).ToUnixTimeMilliseconds()),
    ];

    /// <summary>The first hash stands for those that are missing: a text always has the same parameters.</summary>
    private static (string, SqlValue)[] Keys(BrowserSignIn signIn) =>
    [
        ("now", signIn.Now.ToUnixTimeMilliseconds()),
        ("tenant_id", signIn.Identity.Tenant.Value),
        ("user_id", signIn.Identity.UserId),
        .. Enumerable.Range(0, BrowserCookie.MaxSecrets)
            .Select(i => ($"hash_{i}", (SqlValue)(i < signIn.Hashes.Count ? signIn.Hashes[i] : signIn.Hashes[0]))),
    ];
}
