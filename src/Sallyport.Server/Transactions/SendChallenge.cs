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

    /// <summary>The user was sent too many challenges, or the last one only a moment ago.</summary>
    TooMany,

    /// <summary>The transaction has expired, was ended or is accepted, or its user is gone or blocked.</summary>
    TransactionGone,
}

/// <param name="Factor">The factor to challenge; null if there is none of the name that was asked for.</param>
/// <param name="AcceptLanguage">The languages that the browser asks for.</param>
internal sealed record SendChallengeRequest(TransactionIdentity Identity, IFactor? Factor, string? AcceptLanguage)
{
    /// <summary>The authenticator to challenge; null for the newest of the factor.</summary>
    public string? AuthenticatorId { get; init; }

    /// <summary>The caller shows the challenge to the browser (<see cref="FactorTraits.IsAnsweredByBrowser"/>).</summary>
    public bool IsShown { get; init; }
}

/// <param name="ChallengeId">The id of the challenge that was sent.</param>
internal readonly record struct SendChallengeResult(SendChallengeOutcome Outcome, string? ChallengeId = null)
{
    /// <summary><see cref="ChallengeDraft.BindingMessage"/>.</summary>
    public string? BindingMessage { get; init; }

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
            session => TransactionStore.FindAsync(session, request.Identity, attemptId: "", now, cancellationToken), cancellationToken);
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
        if (draft is null)
        {
            return new SendChallengeResult(SendChallengeOutcome.NotAvailable);
        }

        var prepared = new PreparedChallenge(NewChallenge(challengeId, view, authenticator, draft, now), draft.Message, factor.Traits, limit);
        var outcome = await database.WriteAsync(unit => writer.WriteAsync(unit, call, view.Transaction, prepared, cancellationToken), cancellationToken);
        return outcome == SendChallengeOutcome.Sent
            ? new SendChallengeResult(outcome, challengeId) { BindingMessage = draft.BindingMessage, Shown = draft.Shown }
            : new SendChallengeResult(outcome);
    }

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
            UserAgent = call.Source.UserAgent,
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
        };
}

internal sealed record PreparedChallenge(Challenge Challenge, Message? Message, FactorTraits Traits, ChallengeLimit Limit);

/// <summary>Stores a challenge and adds its message to the outbox.</summary>
internal sealed class ChallengeWriter(AuditLog audit, Outbox outbox, ITransactionChangePublisher publisher)
{
    public async ValueTask<SendChallengeOutcome> WriteAsync(
        UnitOfWork unit, CallContext call, Transaction transaction, PreparedChallenge prepared, CancellationToken cancellationToken)
    {
        unit.Enqueue(AttemptLimit.Hold(call.Tenant, transaction.UserId));
        if (await unit.ExecuteAsync(ChallengeStore.Insert(prepared.Challenge, prepared.Limit), cancellationToken) == 0)
        {
            unit.Abandon();
            return SendChallengeOutcome.TooMany;
        }

        unit.Enqueue(ChallengeStore.EndOlder(prepared.Challenge));
        unit.Enqueue(TransactionStore.Reopen(transaction));
        if (transaction.State == TransactionState.Rejected)
        {
            // Nodes send an event for the next rejection only if they have seen the state change in between.
            publisher.Publish(unit, transaction);
        }

        if (prepared.Message is { } message)
        {
            outbox.Add(unit, call.Tenant, message);
        }

        if (prepared.Traits.LogTypes.Sent is { } type)
        {
            audit.Add(unit, call.Tenant, new AuditEntry(type, transaction.SourceOf(call.Source)) { UserId = transaction.UserId });
        }

        return SendChallengeOutcome.Sent;
    }
}
