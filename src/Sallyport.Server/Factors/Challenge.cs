using System.Data.Common;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Factors;

/// <summary>A code, nonce or prompt that was sent or shown for one authenticator in one transaction.</summary>
internal sealed record Challenge
{
    private const int IdLength = 30;

    public required TenantId Tenant { get; init; }

    public required string Id { get; init; }

    public required string TransactionId { get; init; }

    public required string AuthenticatorId { get; init; }

    public required string UserId { get; init; }

    public required string Factor { get; init; }

    /// <summary>Versioned JSON that only the factor reads.</summary>
    public required string Data { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary><see cref="ChallengeDraft.Destination"/>.</summary>
    public string? Destination { get; init; }

    /// <summary>The message that carries it, if <see cref="Destination"/> is set: the challenge counts there once the message was delivered.</summary>
    public string? MessageId { get; init; }

    public static string NewId() => "chl_" + Security.Tokens.NewAlphaNumeric(IdLength);
}

/// <summary>Table <c>challenge</c>.</summary>
internal static class ChallengeStore
{
    /// <summary>In the order of <see cref="Read"/>; the table has the alias <c>c</c>.</summary>
    public const string Columns = "c.challenge_id, c.authenticator_id, c.data, c.created_at, c.expires_at";

    public const int ColumnCount = 5;

    /// <summary>SQL that joins the open challenge of authenticator <c>a</c> in transaction <c>t</c>, with <c>@now</c>.</summary>
    public const string JoinOpen = """
        LEFT JOIN challenge c ON c.tenant_id = t.tenant_id AND c.transaction_id = t.transaction_id
            AND c.authenticator_id = a.authenticator_id AND c.answered_at IS NULL AND c.expires_at > @now
        """;

    /// <summary>
    /// Stores a challenge, unless the last one of the transaction is still open and was sent only a moment ago. The caller holds the user
    /// (<see cref="Security.AttemptLimit.Hold"/>), so concurrent requests are evaluated one after the other.
    /// </summary>
    public static Statement Insert(Challenge challenge, ChallengeLimit limit) =>
        new("""
            INSERT INTO challenge (tenant_id, challenge_id, transaction_id, authenticator_id, user_id, factor, data, created_at, expires_at, destination, message_id)
            SELECT @tenant_id, @challenge_id, @transaction_id, @authenticator_id, @user_id, @factor, @data, @created_at, @expires_at, @destination, @message_id
            WHERE NOT EXISTS (
                SELECT 1 FROM challenge c
                WHERE c.tenant_id = @tenant_id AND c.transaction_id = @transaction_id AND c.factor = @factor
                    AND c.created_at > @pause_start AND c.expires_at > @created_at)
            """,
            ("tenant_id", challenge.Tenant.Value),
            ("challenge_id", challenge.Id),
            ("transaction_id", challenge.TransactionId),
            ("authenticator_id", challenge.AuthenticatorId),
            ("user_id", challenge.UserId),
            ("factor", challenge.Factor),
            ("data", challenge.Data),
            ("created_at", challenge.CreatedAt.ToUnixTimeMilliseconds()),
            ("expires_at", challenge.ExpiresAt.ToUnixTimeMilliseconds()),
            ("destination", challenge.Destination),
            ("message_id", challenge.MessageId),
            ("pause_start", (challenge.CreatedAt - limit.MinPause).ToUnixTimeMilliseconds()));

    /// <summary>Only the newest challenge of an authenticator in a transaction stays open.</summary>
    public static Statement EndOlder(Challenge newest) =>
        new("""
            UPDATE challenge SET expires_at = @now
            WHERE tenant_id = @tenant_id AND transaction_id = @transaction_id AND authenticator_id = @authenticator_id
                AND challenge_id <> @challenge_id AND answered_at IS NULL AND expires_at > @now
            """,
            ("now", newest.CreatedAt.ToUnixTimeMilliseconds()),
            ("tenant_id", newest.Tenant.Value),
            ("transaction_id", newest.TransactionId),
            ("authenticator_id", newest.AuthenticatorId),
            ("challenge_id", newest.Id));

    /// <summary>Ends the open challenges of an authenticator whose address has changed.</summary>
    public static Statement EndAll(Authenticator authenticator, DateTimeOffset now) =>
        new("""
            UPDATE challenge SET expires_at = @now
            WHERE tenant_id = @tenant_id AND transaction_id = @transaction_id AND authenticator_id = @authenticator_id
                AND answered_at IS NULL AND expires_at > @now
            """,
            ("now", now.ToUnixTimeMilliseconds()),
            ("tenant_id", authenticator.Tenant.Value),
            ("transaction_id", authenticator.TransactionId),
            ("authenticator_id", authenticator.Id));

    /// <summary>Changes one row for the first response in time, none afterwards.</summary>
    public static Statement Answer(Challenge challenge, DateTimeOffset now) =>
        new("""
            UPDATE challenge SET answered_at = @now
            WHERE tenant_id = @tenant_id AND challenge_id = @challenge_id AND answered_at IS NULL AND expires_at > @now
            """,
            ("now", now.ToUnixTimeMilliseconds()),
            ("tenant_id", challenge.Tenant.Value),
            ("challenge_id", challenge.Id));

    /// <returns>Null if it is unknown, answered or expired.</returns>
    public static ValueTask<Challenge?> FindOpenAsync(
        Session session, TenantId tenant, string id, DateTimeOffset now, CancellationToken cancellationToken) =>
        session.FindAsync(
            new Statement(
                """
                SELECT transaction_id, authenticator_id, user_id, factor, data, created_at, expires_at FROM challenge
                WHERE tenant_id = @tenant_id AND challenge_id = @challenge_id AND answered_at IS NULL AND expires_at > @now
                """,
                ("tenant_id", tenant.Value),
                ("challenge_id", id),
                ("now", now.ToUnixTimeMilliseconds())),
            row => new Challenge
            {
                Tenant = tenant,
                Id = id,
                TransactionId = row.GetString(0),
                AuthenticatorId = row.GetString(1),
                UserId = row.GetString(2),
                Factor = row.GetString(3),
                Data = row.GetString(4),
                CreatedAt = row.GetInstant(5),
                ExpiresAt = row.GetInstant(6),
            },
            cancellationToken);

    /// <returns>The factor of a challenge of a transaction, whatever its state; null if there is no such challenge.</returns>
    public static ValueTask<string?> FindFactorAsync(
        Session session, TenantId tenant, (string TransactionId, string ChallengeId) key, CancellationToken cancellationToken) =>
        session.FindAsync(
            new Statement(
                "SELECT factor FROM challenge WHERE tenant_id = @tenant_id AND challenge_id = @challenge_id AND transaction_id = @transaction_id",
                ("tenant_id", tenant.Value),
                ("challenge_id", key.ChallengeId),
                ("transaction_id", key.TransactionId)),
            row => row.GetString(0),
            cancellationToken);

    /// <summary>Replaces the data of an open challenge unless it has changed since it was read.</summary>
    public static Statement Replace(Challenge challenge, string newData) =>
        new("""
            UPDATE challenge SET data = @new_data
            WHERE tenant_id = @tenant_id AND challenge_id = @challenge_id AND data = @data AND answered_at IS NULL
            """,
            ("new_data", newData),
            ("tenant_id", challenge.Tenant.Value),
            ("challenge_id", challenge.Id),
            ("data", challenge.Data));

    /// <summary>Changes the open challenges of some factors in a transaction, for the first response to any of them.</summary>
    public static Statement AnswerAll(TenantId tenant, string transactionId, IEnumerable<string> factors, DateTimeOffset now) =>
        new($"""
            UPDATE challenge SET answered_at = @now
            WHERE tenant_id = @tenant_id AND transaction_id = @transaction_id AND answered_at IS NULL AND expires_at > @now
                AND factor IN ({string.Join(", ", factors.Select(factor => $"'{factor}'"))})
            """,
            ("now", now.ToUnixTimeMilliseconds()),
            ("tenant_id", tenant.Value),
            ("transaction_id", transactionId));

    public static Challenge Read(DbDataReader row, Authenticator authenticator, string transactionId, int first) => new()
    {
        Tenant = authenticator.Tenant,
        Id = row.GetString(first),
        TransactionId = transactionId,
        AuthenticatorId = row.GetString(first + 1),
        UserId = authenticator.UserId,
        Factor = authenticator.Factor,
        Data = row.GetString(first + 2),
        CreatedAt = row.GetInstant(first + 3),
        ExpiresAt = row.GetInstant(first + 4),
    };
}

/// <summary>
/// Table <c>challenge_budget</c>: how many challenges of a factor a user may still be sent, across transactions, nodes and addresses.
/// <c>full_at</c> is the instant at which the budget is full again.
/// </summary>
internal static class ChallengeBudgetStore
{
    /// <summary>Changes no row if nothing is left.</summary>
    public static Statement Take(Challenge challenge, ChallengeLimit limit) =>
        new("""
            INSERT INTO challenge_budget (tenant_id, user_id, factor, full_at) VALUES (@tenant_id, @user_id, @factor, @now + @refill)
            ON CONFLICT (tenant_id, user_id, factor) DO UPDATE
            SET full_at = CASE WHEN challenge_budget.full_at > @now THEN challenge_budget.full_at ELSE @now END + @refill
            WHERE challenge_budget.full_at <= @now + @reserve
            """,
            ("tenant_id", challenge.Tenant.Value),
            ("user_id", challenge.UserId),
            ("factor", challenge.Factor),
            ("now", challenge.CreatedAt.ToUnixTimeMilliseconds()),
            ("refill", (long)limit.Refill.TotalMilliseconds),
            ("reserve", (long)((limit.Burst - 1) * limit.Refill).TotalMilliseconds));

    /// <returns>How long until one more can be sent.</returns>
    public static async ValueTask<TimeSpan> WaitAsync(Session session, Challenge refused, ChallengeLimit limit, CancellationToken cancellationToken)
    {
        var rows = await session.QueryAsync(
            new Statement(
                "SELECT full_at FROM challenge_budget WHERE tenant_id = @tenant_id AND user_id = @user_id AND factor = @factor",
                ("tenant_id", refused.Tenant.Value),
                ("user_id", refused.UserId),
                ("factor", refused.Factor)),
            row => row.GetInstant(0),
            cancellationToken);
        return rows.Count == 0 ? TimeSpan.Zero : rows[0] - refused.CreatedAt - ((limit.Burst - 1) * limit.Refill);
    }
}
