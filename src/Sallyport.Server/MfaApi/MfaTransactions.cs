using Sallyport.Server.Audit;
using Sallyport.Server.Clients;
using Sallyport.Server.Factors;
using Sallyport.Server.Policies;
using Sallyport.Server.Storage;
using Sallyport.Server.Tenants;
using Sallyport.Server.Transactions;
using Sallyport.Server.Users;

namespace Sallyport.Server.MfaApi;

/// <summary>The transactions in which authenticators are associated.</summary>
internal sealed class MfaTransactions(
    Database database, MfaTokenIssuer issuer, UserTokens userTokens, IEnumerable<ITransactionOrigin> origins, FactorCatalog catalog)
{
    public string GuardianUrl => issuer.GuardianUrl;

    public ITransactionOrigin Origin { get; } = origins.OfType<MfaOrigin>().Single();

    /// <returns>The first channel whose factor can be verified, and the factor; no factor if there is none.</returns>
    public (string Channel, IFactor? Factor) FindFactor(IEnumerable<string> channels) =>
        channels.Select(channel => (channel, catalog.FindByChannel(channel))).FirstOrDefault(found => found.Item2 is { Traits.IsFallback: false }, ("", null));

    /// <returns>What the entry in an app is named after.</returns>
    public async ValueTask<(string Issuer, string Account)> FindNamesAsync(TenantId tenant, string userId, CancellationToken cancellationToken)
    {
        var (settings, user) = await database.ReadAsync(
            async session => (
                await TenantStore.GetSettingsAsync(session, tenant, cancellationToken),
                await UserStore.FindAsync(session, tenant, userId, cancellationToken)),
            cancellationToken);
        return (settings.DisplayName, user?.Email ?? user?.Username ?? userId);
    }

    /// <summary>A transaction for an access token. It ends those that the token has begun before.</summary>
    /// <returns>The token of the transaction; null if the user is gone or blocked.</returns>
    public async ValueTask<string?> CreateAsync(CallContext call, MfaCaller caller, string accessToken, CancellationToken cancellationToken)
    {
        var (originId, now) = (MfaTokens.OriginIdOf(accessToken), issuer.Now);
        var requested = new MfaData
        {
            Audience = userTokens.MfaAudience,
            Scope = string.Join(' ', caller.Scopes),
            SelfServiceEnrollment = caller.Factors.IsEnrolled || await AllowsSelfServiceAsync(call.Tenant, caller, cancellationToken),
        };
        var transaction = MfaOrigin.NewTransaction(call.Tenant, (caller.UserId, caller.ClientId), requested, now, originId);
        var endOlder = TransactionEndStore.EndStartedBy("@origin_id", call.Tenant, now, ("user_id", caller.UserId), ("origin_id", originId));
        try
        {
            return await database.WriteAsync(
                unit => TransactionInsertion.TryInsertAsync(unit, transaction, endOlder, cancellationToken), cancellationToken)
                ? issuer.MfaTokenOf(transaction)
                : null;
        }
        catch (System.Data.Common.DbException exception) when (ConstraintViolation.IsForeignKey(exception))
        {
            return null;
        }
    }

    /// <summary>An access token that was issued without a second factor allows no more than an <c>mfa_token</c> does.</summary>
    private ValueTask<bool> AllowsSelfServiceAsync(TenantId tenant, MfaCaller caller, CancellationToken cancellationToken) =>
        database.ReadAsync(
            async session =>
                await UserStore.FindAsync(session, tenant, caller.UserId, cancellationToken) is { } user
                && await ClientStore.FindAsync(session, tenant, caller.ClientId, cancellationToken) is { } client
                && (await PolicyStore.GetPoliciesAsync(session, tenant, cancellationToken))
                    .Decide(MfaSignIns.CircumstancesOf(user, caller.ClientId, [.. caller.Scopes]))
                    .AllowsSelfService(requested: null, ClientResponse.Of(tenant, client)),
            cancellationToken);
}
