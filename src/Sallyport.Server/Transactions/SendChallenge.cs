using Sallyport.Server.Audit;
using Sallyport.Server.Factors;
using Sallyport.Server.Messages;
using Sallyport.Server.Security;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Transactions;

internal enum SendChallengeOutcome
{
    Sent,

    /// <summary>The transaction has no authenticator of this factor that could be challenged.</summary>
    NotAvailable,

    /// <summary>The last challenge was sent only a moment ago.</summary>
    TooSoon,

    /// <summary>The user was sent too many challenges.</summary>
    TooMany,

    /// <summary>The tenant, or all users at such an address, were sent too many challenges.</summary>
    QuotaExhausted,

    /// <summary>Nothing may be sent to the address of the authenticator.</summary>
    AddressRefused,

    /// <summary>The transaction has expired, was ended or is accepted, or its user is gone or blocked.</summary>
    TransactionGone,
}

/// <param name="Method">The Guardian method of the factor, or the channel on which it is sent (<see cref="FactorTraits.Channels"/>).</param>
/// <param name="AcceptLanguage">The languages that the browser asks for.</param>
internal sealed record SendChallengeRequest(TransactionIdentity Identity, string Method, string? AcceptLanguage)
{
    /// <summary>The authenticator to challenge; null for the newest of the method.</summary>
    public string? AuthenticatorId { get; init; }

    /// <summary>The channel on which it is sent; null for the one that the person prefers.</summary>
    public string? Channel { get; init; }

    /// <summary>The caller shows the challenge to the browser (<see cref="FactorTraits.IsAnsweredByBrowser"/>).</summary>
    public bool IsShown { get; init; }
}

/// <param name="ChallengeId">The id of the challenge that was sent.</param>
internal readonly record struct SendChallengeResult(SendChallengeOutcome Outcome, string? ChallengeId = null)
{
    /// <summary>The channel on which it was sent, if there is a choice.</summary>
    public string? Channel { get; init; }

    /// <summary>The limit that refused the challenge.</summary>
    public ChallengeLimit? Limit { get; init; }

    /// <summary>How long until another challenge can be sent.</summary>
    public TimeSpan RetryAfter { get; init; }

    /// <summary><see cref="ChallengeDraft.Shown"/>.</summary>
    public string? Shown { get; init; }
}

/// <summary>Sends a challenge for one authenticator of a transaction, or sends it again. Only the newest one can be answered.</summary>
internal sealed class SendChallenge(Database database, AuditLog audit, FactorCatalog catalog, Outbox outbox, TimeProvider clock)
{
    /// <summary>A quota is that of an hour, and another user may use what becomes free.</summary>
    private static readonly TimeSpan QuotaPause = TimeSpan.FromMinutes(5);

    public async ValueTask<SendChallengeResult> RunAsync(
        CallContext call, SendChallengeRequest request, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var view = await database.ReadAsync(
            session => TransactionStore.FindAsync(session, request.Identity, attemptId: "", now, cancellationToken), cancellationToken);
        if (view is null || !view.Transaction.IsAlive(now) || !view.Transaction.TakesResponses)
        {
            return new SendChallengeResult(SendChallengeOutcome.TransactionGone);
        }

        if (catalog.FindByMethod(request.Method) is not { Traits.ChallengeLimit: { } limit } factor
            || factor.Traits.IsAnsweredByBrowser != request.IsShown
            || view.Candidates.FirstOrDefault(candidate => candidate.Factor == factor.Traits.Name
                && (request.AuthenticatorId is null || candidate.Id == request.AuthenticatorId)) is not { } authenticator)
        {
            return new SendChallengeResult(SendChallengeOutcome.NotAvailable);
        }

        // Before the write: it renders a template, and concurrent writes must not wait for that.
        var challengeId = Challenge.NewId();
        var draft = await factor.ChallengeAsync(
            authenticator,
            new ChallengeRequest(call.Tenant, challengeId, request.AcceptLanguage, now)
            {
                // A channel is named by itself, unless it is also the name of the factor.
                Channel = request.Channel ?? (request.Method == factor.Traits.Method ? null : request.Method),
                Source = view.Transaction.SourceOf(call.Source),
                Confirmed = view.UserFactors.Confirmed,
            },
            cancellationToken);
        if (draft is null)
        {
            return new SendChallengeResult(SendChallengeOutcome.NotAvailable);
        }

        if (draft.IsAddressRefused)
        {
            return new SendChallengeResult(SendChallengeOutcome.AddressRefused);
        }

        var prepared = new PreparedChallenge(NewChallenge(challengeId, view, authenticator, draft, now), draft, authenticator, limit);
        var result = await database.WriteAsync(unit => WriteAsync(unit, call, view, prepared, cancellationToken), cancellationToken);
        if (result.Outcome == SendChallengeOutcome.QuotaExhausted && draft.RefusalLogType is { } type)
        {
            await LogRefusalAsync(AuthenticatorEvent.Of(type, authenticator, view.Transaction.SourceOf(call.Source)), call.Tenant, cancellationToken);
        }

        return result;
    }

    private async ValueTask<SendChallengeResult> WriteAsync(
        UnitOfWork unit, CallContext call, TransactionView view, PreparedChallenge prepared, CancellationToken cancellationToken)
    {
        var (transaction, challenge, limit) = (view.Transaction, prepared.Challenge, prepared.Limit);
        unit.Enqueue(AttemptLimit.Hold(call.Tenant, transaction.UserId));
        if (await unit.ExecuteAsync(ChallengeStore.Insert(challenge, limit), cancellationToken) == 0)
        {
            unit.Abandon();
            var sentAt = view.OpenChallenge(prepared.Authenticator, catalog.TraitsOf(prepared.Authenticator))?.CreatedAt ?? challenge.CreatedAt;
            return new SendChallengeResult(SendChallengeOutcome.TooSoon) { Limit = limit, RetryAfter = sentAt + limit.MinPause - challenge.CreatedAt };
        }

        if (await unit.ExecuteAsync(ChallengeBudgetStore.Take(challenge, limit), cancellationToken) == 0)
        {
            var wait = await ChallengeBudgetStore.WaitAsync(unit, challenge, limit, cancellationToken);
            unit.Abandon();
            return new SendChallengeResult(SendChallengeOutcome.TooMany) { Limit = limit, RetryAfter = wait };
        }

        // The last of the limits, because these rows are those of all users.
        if (prepared.Draft.Quotas.Count > 0 && !await unit.TryApplyAsync(prepared.Draft.Quotas, cancellationToken))
        {
            return new SendChallengeResult(SendChallengeOutcome.QuotaExhausted) { Limit = limit, RetryAfter = QuotaPause };
        }

        unit.Enqueue(ChallengeStore.EndOlder(challenge));
        unit.Enqueue(TransactionStore.Reopen(transaction));
        if (prepared.Draft.Message is { } message)
        {
            outbox.Add(unit, call.Tenant, message);
        }

        if (prepared.Draft.LogType is { } type)
        {
            audit.Add(unit, call.Tenant, AuthenticatorEvent.Of(type, prepared.Authenticator, transaction.SourceOf(call.Source)));
        }

        return new SendChallengeResult(SendChallengeOutcome.Sent, challenge.Id) { Channel = prepared.Draft.Channel, Shown = prepared.Draft.Shown };
    }

    private ValueTask LogRefusalAsync(AuditEntry entry, TenantId tenant, CancellationToken cancellationToken) => database.WriteAsync(
        unit =>
        {
            audit.AddRefusal(unit, tenant, entry, cause: "quota");
            return ValueTask.CompletedTask;
        },
        cancellationToken);

    private static Challenge NewChallenge(
        string id, TransactionView view, Authenticator authenticator, ChallengeDraft draft, DateTimeOffset now) => new()
        {
            Tenant = authenticator.Tenant,
            Id = id,
            TransactionId = view.Transaction.Id,
            AuthenticatorId = authenticator.Id,
            UserId = authenticator.UserId,
            Factor = authenticator.Factor,
            Data = draft.Data,
            CreatedAt = now,
            ExpiresAt = now + draft.Lifetime,
            Destination = draft.Destination,
        };

    private sealed record PreparedChallenge(Challenge Challenge, ChallengeDraft Draft, Authenticator Authenticator, ChallengeLimit Limit);
}
