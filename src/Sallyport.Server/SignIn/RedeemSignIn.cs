using Sallyport.Server.Audit;
using Sallyport.Server.Storage;
using Sallyport.Server.Transactions;

namespace Sallyport.Server.SignIn;

internal enum RedeemSignInOutcome
{
    Redeemed,

    /// <summary>There is no such sign-in, or another client created it.</summary>
    NotFound,

    /// <summary>
    /// It was accepted because the browser is remembered, and the caller does not have the signed result. Only that browser has it: without
    /// this, a link that a person is lured to open in a remembered browser would sign in whoever has sent it.
    /// </summary>
    SignatureRequired,

    /// <summary>The signature is not the signed result of this sign-in, or has expired.</summary>
    SignatureInvalid,

    /// <summary>Its result was handed out before.</summary>
    RedeemedBefore,

    /// <summary>No second factor was accepted yet, or the last one was rejected.</summary>
    NotAccepted,

    /// <summary>It has expired, was ended, or the authenticator that proved it was removed.</summary>
    Expired,
}

/// <summary>Hands out the result of an accepted sign-in, once.</summary>
internal sealed class RedeemSignIn(Database database, AuditLog audit, OutcomeTokens outcomes, TimeProvider clock)
{
    /// <param name="signature">The signed result that the browser has posted; null if the caller does not pass it on.</param>
    public async ValueTask<(RedeemSignInOutcome Outcome, Transaction? Transaction)> RunAsync(
        CallContext call, string transactionId, string? signature, CancellationToken cancellationToken)
    {
        var isSigned = signature is not null && await outcomes.FindTransactionIdAsync(signature) == transactionId;
        return signature is not null && !isSigned
            ? (RedeemSignInOutcome.SignatureInvalid, null)
            : await database.WriteAsync(unit => RunAsync(unit, call, (transactionId, isSigned), cancellationToken), cancellationToken);
    }

    private async ValueTask<(RedeemSignInOutcome, Transaction?)> RunAsync(
        UnitOfWork unit, CallContext call, (string TransactionId, bool IsSigned) request, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var (transactionId, isSigned) = request;
        var transaction = await SignInQueries.FindAsync(unit, call, transactionId, cancellationToken);
        if (transaction is null)
        {
            return Refuse(unit, RedeemSignInOutcome.NotFound);
        }

        if (transaction.WaivedBy == Waiver.RememberedBrowser && !isSigned)
        {
            return Refuse(unit, RedeemSignInOutcome.SignatureRequired);
        }

        if (await unit.ExecuteAsync(TransactionStore.Redeem(transaction, now), cancellationToken) == 0)
        {
            return Refuse(unit, await ExplainAsync(unit, call, transactionId, now, cancellationToken));
        }

        audit.Add(unit, call.Tenant, ApiOperation.Succeeded(call, transaction.UserId));
        return (RedeemSignInOutcome.Redeemed, transaction with { RedeemedAt = now });
    }

    /// <summary>Read again, because another request may have changed it after the first reading.</summary>
    private static async ValueTask<RedeemSignInOutcome> ExplainAsync(
        UnitOfWork unit, CallContext call, string transactionId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var transaction = await SignInQueries.FindAsync(unit, call, transactionId, cancellationToken);
        return transaction?.RedeemedAt is not null ? RedeemSignInOutcome.RedeemedBefore
            : transaction?.IsAlive(now) == true && transaction.TakesResponses ? RedeemSignInOutcome.NotAccepted
            : RedeemSignInOutcome.Expired;
    }

    private static (RedeemSignInOutcome, Transaction?) Refuse(UnitOfWork unit, RedeemSignInOutcome outcome)
    {
        unit.Abandon();
        return (outcome, null);
    }
}
