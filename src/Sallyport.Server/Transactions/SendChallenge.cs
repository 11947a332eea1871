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

    /// <summary>The user was sent too many challenges, or the last one only a moment ago.</summary>
    TooMany,

    /// <summary>The transaction has expired, was ended or is accepted, or its user is gone or blocked.</summary>
    TransactionGone,
}

/// <param name="Method">The Guardian method of the factor.</param>
/// <param name="AcceptLanguage">The languages that the browser asks for.</param>
internal sealed record SendChallengeRequest(TransactionIdentity Identity, string Method, string? AcceptLanguage)
{
    /// <summary>The authenticator to challenge; null for the newest of the method.</summary>
    public string? AuthenticatorId { get; init; }

    /// <summary>The caller shows the challenge to the browser (<see cref="FactorTraits.IsAnsweredByBrowser"/>).</summary>
    public bool IsShown { get; init; }
}

/// <param name="ChallengeId">The id of the challenge that was sent.</param>
internal readonly record struct SendChallengeResult(SendChallengeOutcome Outcome, string? ChallengeId = null)
{
    /// <summary><see cref="ChallengeDraft.Shown"/>.</summary>
    public string? Shown { get; init; }
}

/// <summary>Sends a challenge for one authenticator of a transaction, or sends it again. Only the newest one can be answered.</summary>
internal sealed class SendChallenge(Database database, AuditLog audit, FactorCatalog catalog, Outbox outbox, TimeProvider clock)
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
            new ChallengeRequest(call.Tenant, challengeId, request.AcceptLanguage, now) { Confirmed = view.UserFactors.Confirmed },
            cancellationToken);
        if (draft is null)
        {
            return new SendChallengeResult(SendChallengeOutcome.NotAvailable);
        }

        var prepared = new PreparedChallenge(NewChallenge(challengeId, view, authenticator, draft, now), draft.Message, factor.Traits, limit);
        var outcome = await database.WriteAsync(unit => WriteAsync(unit, call, view.Transaction, prepared, cancellationToken), cancellationToken);
        return outcome == SendChallengeOutcome.Sent
            ? new SendChallengeResult(outcome, challengeId) { Shown = draft.Shown }
            : new SendChallengeResult(outcome);
    }

    private async ValueTask<SendChallengeOutcome> WriteAsync(
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

    private sealed record PreparedChallenge(Challenge Challenge, Message? Message, FactorTraits Traits, ChallengeLimit Limit);
}
