using Sallyport.Server.Audit;
using Sallyport.Server.Clients;
using Sallyport.Server.Factors;

namespace Sallyport.Server.MfaApi;

/// <summary>An authenticator as its user sees it.</summary>
/// <param name="Name">Part of the address or number.</param>
internal sealed record ListedAuthenticator(string Id, FactorTraits Traits, bool IsActive, string? Name);

/// <summary>The authenticators of the caller.</summary>
internal sealed class ListAuthenticators(MfaTokens mfaTokens, FactorCatalog catalog)
{
    /// <returns>The authenticators that the caller can use, those that its transaction enrolls included; null if the token is refused.</returns>
    public async ValueTask<(MfaTokenState State, IReadOnlyList<ListedAuthenticator>? Authenticators)> RunAsync(
        CallContext call, string token, CancellationToken cancellationToken)
    {
        var (state, caller) = await mfaTokens.FindCallerAsync(call, token, UserTokens.ReadScope, cancellationToken);
        if (caller is null)
        {
            return (state, null);
        }

        var owned = caller.View?.Authenticators ?? caller.Factors.Confirmed;
        return (state, [.. owned
            .Where(authenticator => caller.Factors.Enabled.Contains(authenticator.Factor) && catalog.Find(authenticator.Factor) is not null)
            .Select(Show)]);
    }

    private ListedAuthenticator Show(Authenticator authenticator)
    {
        var factor = catalog.Stored(authenticator);
        var details = factor.Describe(authenticator);
        return new ListedAuthenticator(
            MfaFactorNames.IdOf(authenticator, factor.Traits),
            factor.Traits,
            authenticator.Status == AuthenticatorStatus.Confirmed,
            Masking.Email(details.Email) ?? Masking.PhoneNumber(details.PhoneNumber));
    }
}

/// <summary>Removes an authenticator of the caller.</summary>
internal sealed class DeleteAuthenticator(MfaTokens mfaTokens, RemoveAuthenticators remove, FactorCatalog catalog)
{
    /// <returns>Null if the user has no such authenticator; a recovery code is removed with the last one.</returns>
    public async ValueTask<(MfaTokenState State, bool? IsRemoved)> RunAsync(
        CallContext call, string token, string id, CancellationToken cancellationToken)
    {
        var (state, caller) = await mfaTokens.FindChangingCallerAsync(call, token, UserTokens.RemoveScope, cancellationToken);
        if (caller is null || caller.View is not null)
        {
            return (caller is null ? state : MfaTokenState.ScopeMissing, null);
        }

        call = call with { Source = call.Source with { ClientId = caller.ClientId } };
        var outcome = await remove.RunAsync(
            call,
            new Removal(
                caller.UserId,
                authenticator => authenticator.Status == AuthenticatorStatus.Confirmed && !catalog.TraitsOf(authenticator).IsFallback
                    && MfaFactorNames.IdOf(authenticator, catalog.TraitsOf(authenticator)) == id)
            {
                IsOfOne = true,
                IsByUser = true,
            },
            cancellationToken);
        return (state, outcome == RemoveOutcome.Removed);
    }
}
