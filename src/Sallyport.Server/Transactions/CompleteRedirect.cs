using Sallyport.Server.Audit;
using Sallyport.Server.Factors;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Transactions;

internal enum CompleteRedirectOutcome
{
    Accepted,

    /// <summary>The service has not confirmed the person.</summary>
    Refused,

    /// <summary>The service did not answer. The person can try again.</summary>
    Unavailable,

    /// <summary>The challenge is unknown, was used or has expired, or another browser was sent to the service.</summary>
    Unknown,
}

/// <param name="ChallengeId">The parameter <c>state</c> of the callback.</param>
/// <param name="Code">Null if the service reports an error.</param>
internal sealed record RedirectReturn(string ChallengeId, string BrowserSecret, string? Code)
{
    public override string ToString() => "***";
}

/// <summary>Accepts a transaction whose browser comes back from the service that verifies a factor (<see cref="IRedirectFactor"/>).</summary>
internal sealed class CompleteRedirect(Database database, FactorCatalog catalog, VerifyResponse verify, TimeProvider clock)
{
    public async ValueTask<CompleteRedirectOutcome> RunAsync(CallContext call, RedirectReturn returned, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var (open, view) = await database.ReadAsync(
            async session =>
            {
                var challenge = await ChallengeStore.FindOpenAsync(session, call.Tenant, returned.ChallengeId, now, cancellationToken);
                return challenge is null
                    ? (null, null)
                    : (challenge, await TransactionViewStore.FindAsync(session, IdentityOf(challenge), attemptId: "", now, cancellationToken));
            },
            cancellationToken);
        if (open is null || view is null || catalog.Find(open.Factor) is not IRedirectFactor factor || !factor.IsOfBrowser(open, returned.BrowserSecret))
        {
            return CompleteRedirectOutcome.Unknown;
        }

        var verdict = await factor.CheckReturnAsync(open, returned.Code, cancellationToken);
        if (verdict == RedirectVerdict.Unavailable)
        {
            return CompleteRedirectOutcome.Unavailable;
        }

        // A refusal uses the challenge up as well, and is logged.
        var response = new FactorResponse(ResponseKind.Return, verdict == RedirectVerdict.Confirmed ? open.Id : "");
        var result = await verify.RunAsync(
            call, IdentityOf(open) with { Enrolls = view.Transaction.Enrolls }, response, cancellationToken);
        return result.Outcome == VerifyOutcome.Accepted ? CompleteRedirectOutcome.Accepted : CompleteRedirectOutcome.Refused;
    }

    private static TransactionIdentity IdentityOf(Challenge challenge) => new(challenge.Tenant, challenge.TransactionId, challenge.UserId);
}
