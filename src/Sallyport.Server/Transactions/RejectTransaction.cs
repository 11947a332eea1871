using System.Text.Json.Nodes;
using Sallyport.Server.Audit;
using Sallyport.Server.Factors;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Transactions;

/// <summary>The two operations that a genuine response can lead to.</summary>
internal sealed record ResponseOutcomes(AcceptTransaction Accept, RejectTransaction Reject);

/// <summary>
/// Rejects a transaction with the answer of a device. Another challenge can be sent for it, unless the person has reported this one: then the
/// factor sends none until an administrator resumes it or the user proves another factor.
/// </summary>
internal sealed class RejectTransaction(
    AuditLog audit, FactorCatalog catalog, SignInReportNotices notices, ITransactionChangePublisher publisher, TimeProvider clock)
{
    /// <summary>A device may send any text.</summary>
    private const int MaxReasonLength = 200;

    /// <returns>False if the challenge or the transaction was answered before; the unit is abandoned then.</returns>
    public async ValueTask<bool> TryAsync(UnitOfWork unit, CallContext call, TransactionView view, Proof proof, CancellationToken cancellationToken)
    {
        var (transaction, now) = (view.Transaction, clock.GetUtcNow());
        if (!await unit.TryApplyAsync([.. proof.Acceptance.Once, TransactionStore.Reject(transaction, now)], cancellationToken))
        {
            return false;
        }

        var rejection = proof.Acceptance.Rejection!;
        Log(catalog.TraitsOf(proof.Authenticator).LogTypes.Rejected!);
        if (rejection.IsReport)
        {
            Log(AuditTypes.SignInReported);
            if (await unit.ExecuteAsync(
                AuthenticatorStore.Halt(transaction.Tenant, transaction.UserId, proof.Authenticator.Factor, now), cancellationToken) > 0)
            {
                notices.Add(unit, transaction.Tenant, new SignInReportV1(transaction.UserId, now) { Address = rejection.Address, Browser = rejection.Browser });
            }
        }

        publisher.Publish(unit, transaction);
        return true;

        void Log(string type) => audit.Add(unit, transaction.Tenant, new AuditEntry(type, transaction.SourceOf(call.Source))
        {
            UserId = transaction.UserId,
            Details = new JsonObject { ["authenticator_id"] = proof.Authenticator.Id, ["reason"] = Shorten(rejection.Reason) }.ToJsonString(),
        });
    }

    private static string? Shorten(string? reason)
    {
        // PostgreSQL stores no NUL, and no database half of a surrogate pair.
        var text = reason?.Replace('\0', ' ');
        return text is not { Length: > MaxReasonLength } ? text : text[..(char.IsHighSurrogate(text[MaxReasonLength - 1]) ? MaxReasonLength - 1 : MaxReasonLength)];
    }
}
