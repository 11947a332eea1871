using Sallyport.Server.Audit;
using Sallyport.Server.Clients;
using Sallyport.Server.Storage;
using Sallyport.Server.Transactions;
using Sallyport.Server.Users;

namespace Sallyport.Server.MfaApi;

/// <summary>Issues the tokens at the end of a sign-in, and logs it.</summary>
internal sealed class MfaTokenIssuer(Database database, AuditLog audit, TransactionTokens transactionTokens, UserTokens tokens, TimeProvider clock)
{
    public UserTokens Tokens => tokens;

    /// <summary>The base of the Guardian API.</summary>
    public string GuardianUrl => transactionTokens.Issuer;

    public DateTimeOffset Now => clock.GetUtcNow();

    public string MfaTokenOf(Transaction transaction) => transactionTokens.IssueMfa(transaction);

    /// <returns>Null if the client may not have tokens for the API that was requested.</returns>
    public ValueTask<TokenTarget?> FindTargetAsync(TenantId tenant, AuthenticatedClient client, MfaData requested, CancellationToken cancellationToken) =>
        database.ReadAsync(session => tokens.FindTargetAsync(session, tenant, client, (requested.Audience, requested.Scope), cancellationToken), cancellationToken);

    /// <summary>For a user who needs no second factor.</summary>
    public async ValueTask<TokenResponse> IssueUnprovedAsync(
        CallContext call, User user, AuthenticatedClient client, TokenTarget target, CancellationToken cancellationToken)
    {
        await database.WriteAsync(
            unit =>
            {
                audit.Add(unit, call.Tenant, new AuditEntry(AuditTypes.PasswordExchanged, call.Source) { UserId = user.UserId });
                return ValueTask.CompletedTask;
            },
            cancellationToken);
        return tokens.Issue(user, client, target, GroundsOf(provedBy: null));
    }

    /// <summary>For an accepted transaction, once.</summary>
    /// <returns>Null if the transaction was ended after it was accepted, or its user is gone.</returns>
    public async ValueTask<TokenResponse?> IssueProvedAsync(
        CallContext call, Transaction accepted, AuthenticatedClient client, (TokenTarget Target, string LogType) issue, CancellationToken cancellationToken)
    {
        var (user, provedBy) = await database.WriteAsync(
            async unit =>
            {
                if (await unit.ExecuteAsync(TransactionStore.Redeem(accepted, Now), cancellationToken) == 0
                    || await TransactionStore.FindAsync(unit, call.Tenant, accepted.Origin, accepted.Id, cancellationToken) is not { } redeemed
                    || await UserStore.FindAsync(unit, call.Tenant, accepted.UserId, cancellationToken) is not { } owner)
                {
                    unit.Abandon();
                    return (null, null);
                }

                audit.Add(unit, call.Tenant, new AuditEntry(issue.LogType, call.Source) { UserId = owner.UserId });
                return ((User?)owner, redeemed.ProvedBy);
            },
            cancellationToken);
        return user is null ? null : tokens.Issue(user, client, issue.Target, GroundsOf(provedBy));
    }

    /// <summary>Without <c>acr</c> and <c>amr</c>: ID tokens of the MFA API do not have them (docs/wire.md §8).</summary>
    private static TokenGrounds GroundsOf(string? provedBy) => new() { GrantType = "password", ProvedBy = provedBy };
}
