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

    /// <summary>The device is gone, or its user has reported a challenge as not their own.</summary>
    NotReachable,

    /// <summary>The provider that the tenant has selected has no credentials.</summary>
    NotConfigured,

    /// <summary>The last challenge was sent only a moment ago.</summary>
    TooSoon,

    /// <summary>The user was sent too many challenges.</summary>
    TooMany,

    /// <summary>The tenant, or all users at such an address, were sent too many challenges.</summary>
    QuotaExhausted,

    /// <summary>Nothing may be sent to the address of the authenticator.</summary>
    AddressRefused,

    /// <summary>The tenant has not allowed the country of the address.</summary>
    CountryRefused,

    /// <summary>The service that verifies the factor does not answer.</summary>
    Unavailable,

    /// <summary>The transaction has expired, was ended or is accepted, or its user is gone or blocked.</summary>
    TransactionGone,
}

/// <param name="Factor">The factor to challenge; null if the requested name is unknown.</param>
/// <param name="AcceptLanguage">The languages that the browser asks for.</param>
internal sealed record SendChallengeRequest(TransactionIdentity Identity, IFactor? Factor, string? AcceptLanguage)
{
    /// <summary>The authenticator to challenge; null for the newest of the factor.</summary>
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

    /// <summary><see cref="ChallengeDraft.BindingMessage"/>.</summary>
    public string? BindingMessage { get; init; }

    /// <summary><see cref="FactorTraits.NotConfiguredCode"/> or <see cref="FactorTraits.UnavailableCode"/> of the factor.</summary>
    public string? ProviderErrorCode { get; init; }

    /// <summary><see cref="ChallengeDraft.Shown"/>.</summary>
    public string? Shown { get; init; }
}

/// <summary>Sends a challenge for one authenticator of a transaction, or sends it again. Only the newest one can be answered.</summary>
internal sealed class SendChallenge(Database database, ChallengeWriter writer, DeviceTokens deviceTokens, TimeProvider clock)
{
    public async ValueTask<SendChallengeResult> RunAsync(
        CallContext call, SendChallengeRequest request, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var view = await database.ReadAsync(
            session => TransactionViewStore.FindAsync(session, request.Identity, attemptId: "", now, cancellationToken), cancellationToken);
        if (view is null || !view.Transaction.IsAlive(now) || !view.Transaction.TakesResponses)
        {
            return new SendChallengeResult(SendChallengeOutcome.TransactionGone);
        }

        if (request.Factor is not { Traits.ChallengeLimit: { } limit } factor || factor.Traits.IsAnsweredByBrowser != request.IsShown)
        {
            return new SendChallengeResult(SendChallengeOutcome.NotAvailable);
        }

        var (refusal, authenticator) = Choose(view, request, factor);
        if (authenticator is null)
        {
            return new SendChallengeResult(refusal);
        }

        // Before the write: it renders a template, and concurrent writes must not wait for that.
        var challengeId = Challenge.NewId();
        var draft = await factor.ChallengeAsync(authenticator, NewRequest(call, challengeId, (view, authenticator, request), now), cancellationToken);
        if (RefusalOf(draft) is { } refused)
        {
            return new SendChallengeResult(refused)
            {
                ProviderErrorCode = refused == SendChallengeOutcome.Unavailable ? factor.Traits.UnavailableCode : factor.Traits.NotConfiguredCode,
            };
        }

        var prepared = new PreparedChallenge(NewChallenge(challengeId, view, authenticator, draft!, now), draft!, authenticator, limit);
        var written = await database.WriteAsync(unit => writer.WriteAsync(unit, call, view, prepared, cancellationToken), cancellationToken);
        if (written.Outcome == SendChallengeOutcome.QuotaExhausted)
        {
            var source = view.Transaction.SourceOf(call.Source);
            await database.WriteAsync(unit => writer.LogRefusalAsync(unit, prepared, source, cancellationToken), cancellationToken);
        }

        return written.Outcome == SendChallengeOutcome.TooSoon
            ? written with
            {
                RetryAfter = (view.OpenChallenge(authenticator, factor.Traits)?.CreatedAt ?? now) + limit.MinPause - now,
            }
            : written;
    }

    /// <returns>Why a factor does not challenge; null if it does.</returns>
    private static SendChallengeOutcome? RefusalOf(ChallengeDraft? draft) =>
        draft is null ? SendChallengeOutcome.NotAvailable
        : ReferenceEquals(draft, ChallengeDraft.NotConfigured) ? SendChallengeOutcome.NotConfigured
        : ReferenceEquals(draft, ChallengeDraft.Unavailable) ? SendChallengeOutcome.Unavailable
        : ReferenceEquals(draft, ChallengeDraft.CountryRefused) ? SendChallengeOutcome.CountryRefused
        : draft.IsAddressRefused ? SendChallengeOutcome.AddressRefused
        : null;

    private static (SendChallengeOutcome Refusal, Authenticator? Authenticator) Choose(TransactionView view, SendChallengeRequest request, IFactor factor)
    {
        bool IsWanted(Authenticator known) =>
            known.Factor == factor.Traits.Name && (request.AuthenticatorId is null || known.Id == request.AuthenticatorId);
        if (view.Candidates.FirstOrDefault(candidate => IsWanted(candidate) && factor.CanAnswer(candidate)) is { } authenticator)
        {
            return (default, authenticator);
        }

        var isKnown = view.Authenticators.Any(known => IsWanted(known) && known.Status == AuthenticatorStatus.Confirmed && view.EnabledFactors.Contains(known.Factor));
        return (isKnown ? SendChallengeOutcome.NotReachable : SendChallengeOutcome.NotAvailable, null);
    }

    private ChallengeRequest NewRequest(
        CallContext call, string challengeId, (TransactionView View, Authenticator Authenticator, SendChallengeRequest Request) of, DateTimeOffset now) =>
        new(call.Tenant, challengeId, of.Request.AcceptLanguage, now)
        {
            Confirmed = of.View.UserFactors.Confirmed,
            Channel = of.Request.Channel,
            Source = of.View.Transaction.SourceOf(call.Source),
            IssueDeviceToken = expiresAt => deviceTokens.Issue(of.View.Transaction, of.Authenticator.Id, expiresAt),
        };

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
            MessageId = draft.Message is null ? null : Outbox.NewId(now),
        };
}

internal sealed record PreparedChallenge(Challenge Challenge, ChallengeDraft Draft, Authenticator Authenticator, ChallengeLimit Limit);

/// <summary>Stores a challenge and adds its message to the outbox.</summary>
internal sealed class ChallengeWriter(AuditLog audit, Outbox outbox, ITransactionChangePublisher publisher)
{
    /// <summary>A quota is that of an hour, and another user may use what becomes free.</summary>
    private static readonly TimeSpan QuotaPause = TimeSpan.FromMinutes(5);

    public async ValueTask<SendChallengeResult> WriteAsync(
        UnitOfWork unit, CallContext call, TransactionView view, PreparedChallenge prepared, CancellationToken cancellationToken)
    {
        var (transaction, challenge, limit) = (view.Transaction, prepared.Challenge, prepared.Limit);
        unit.Enqueue(AttemptLimit.Hold(call.Tenant, transaction.UserId));
        if (await unit.ExecuteAsync(ChallengeStore.Insert(challenge, limit), cancellationToken) == 0)
        {
            unit.Abandon();
            return new SendChallengeResult(SendChallengeOutcome.TooSoon) { Limit = limit };
        }

        if (await unit.ExecuteAsync(ChallengeBudgetStore.Take(challenge, limit), cancellationToken) == 0)
        {
            var wait = await ChallengeBudgetStore.WaitAsync(unit, challenge, limit, cancellationToken);
            unit.Abandon();
            return new SendChallengeResult(SendChallengeOutcome.TooMany) { Limit = limit, RetryAfter = wait };
        }

        // The last of the limits, because all users share these rows.
        if (prepared.Draft.Quotas.Count > 0 && !await unit.TryApplyAsync(prepared.Draft.Quotas, cancellationToken))
        {
            return new SendChallengeResult(SendChallengeOutcome.QuotaExhausted) { Limit = limit, RetryAfter = QuotaPause };
        }

        unit.Enqueue(ChallengeStore.EndOlder(challenge));
        unit.Enqueue(TransactionStore.Reopen(transaction));
        if (transaction.State == TransactionState.Rejected)
        {
            // Nodes send an event for the next rejection only if they have seen the state change in between.
            publisher.Publish(unit, transaction);
        }

        var draft = prepared.Draft;
        if (draft.Message is { } message)
        {
            outbox.Add(unit, call.Tenant, message with { Id = challenge.MessageId });
        }

        if (draft.LogType is { } type)
        {
            audit.Add(unit, call.Tenant, AuthenticatorEvent.Of(type, prepared.Authenticator, transaction.SourceOf(call.Source)));
        }

        return new SendChallengeResult(SendChallengeOutcome.Sent, challenge.Id)
        {
            Channel = draft.Channel,
            BindingMessage = draft.BindingMessage,
            Shown = draft.Shown,
        };
    }

    /// <summary>Logs that a quota has refused a challenge.</summary>
    public async ValueTask LogRefusalAsync(UnitOfWork unit, PreparedChallenge prepared, AuditSource source, CancellationToken cancellationToken)
    {
        var draft = prepared.Draft;
        if (draft.RefusalLogType is not { } type)
        {
            unit.Abandon();
            return;
        }

        var reason = draft.FindRefusalReason is { } find ? await find(unit, cancellationToken) : "quota";
        var entry = AuthenticatorEvent.Of(type, prepared.Authenticator, source, ("reason", reason), ("destination", draft.Destination));
        audit.AddRefusal(unit, prepared.Challenge.Tenant, entry, cause: reason);
    }
}
