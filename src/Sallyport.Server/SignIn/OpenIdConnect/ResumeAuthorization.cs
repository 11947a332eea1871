using Sallyport.Server.Audit;
using Sallyport.Server.Storage;
using Sallyport.Server.Transactions;

namespace Sallyport.Server.SignIn.OpenIdConnect;

/// <summary>Takes the signed result that the page has posted, and answers the client.</summary>
internal sealed class ResumeAuthorization(Database database, OutcomeTokens outcomes, OpenAuthorizations authorizations, AnswerAuthorization answer)
{
    /// <param name="findSecret">The secret in the browser's cookie for an authorization; null if there is none.</param>
    public async ValueTask<AuthorizationResult> RunAsync(
        CallContext call, string? signature, Func<string, string?> findSecret, CancellationToken cancellationToken)
    {
        var transactionId = signature is null ? null : await outcomes.FindTransactionIdAsync(signature);
        var transaction = transactionId is null
            ? null
            : await database.ReadAsync(
                session => TransactionStore.FindAsync(session, call.Tenant, SignInOrigin.OriginName, transactionId, cancellationToken), cancellationToken);
        if (transaction is null || SignInData.Parse(transaction.OriginData!).Authorization is not { } origin)
        {
            return AuthorizationResult.Refuse("The result of the second factor is not valid or has expired");
        }

        var (authorization, fault) = await authorizations.FindAsync(call, origin.RequestId, findSecret(origin.RequestId), cancellationToken);
        return authorization is null
            ? AuthorizationResult.Refuse(fault!)
            : await answer.RunAsync(call, authorization, transaction, cancellationToken);
    }
}
