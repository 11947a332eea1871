using Sallyport.Server.Audit;
using Sallyport.Server.Clients;
using Sallyport.Server.Factors;
using Sallyport.Server.Storage;

namespace Sallyport.Server.MfaApi;

/// <summary>An authenticator as its user sees it.</summary>
/// <param name="Name">Part of the address or number.</param>
internal sealed record ListedAuthenticator(string Id, FactorTraits Traits, bool IsActive, string? Name)
{
    /// <summary>The channel on which its codes are sent; null if it is sent none.</summary>
    public string? Channel { get; init; }
}

/// <summary>The authenticators of the caller.</summary>
internal sealed class ListAuthenticators(Database database, MfaTokens mfaTokens, FactorCatalog catalog)
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

        var usable = (caller.View?.Authenticators ?? caller.Factors.Confirmed)
            .Where(authenticator => caller.Factors.Enabled.Contains(authenticator.Factor) && catalog.Find(authenticator.Factor) is not null)
            .ToList();
        var channels = await database.ReadAsync(
            session => catalog.FindChannelsAsync(session, call.Tenant, usable, cancellationToken), cancellationToken);
        return (state, [.. usable.SelectMany(authenticator => Show(authenticator, channels.GetValueOrDefault(authenticator.Factor)))]);
    }

    /// <summary>A phone is listed once for each channel.</summary>
    private IEnumerable<ListedAuthenticator> Show(Authenticator authenticator, IReadOnlyList<string>? channels)
    {
        var factor = catalog.Stored(authenticator);
        var details = factor.Describe(authenticator);
        IEnumerable<string?> listed = channels ?? (IEnumerable<string?>)[null];
        return listed.Select(channel => new ListedAuthenticator(
            MfaFactorNames.IdOf(authenticator, factor.Traits, channel),
            factor.Traits,
            authenticator.Status == AuthenticatorStatus.Confirmed,
            Masking.Email(details.Email) ?? Masking.PhoneNumber(details.PhoneNumber))
        {
            Channel = channel ?? MfaFactorNames.ChannelOf(factor.Traits),
        });
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
                    && MfaFactorNames.IsIdOf(id, authenticator, catalog.TraitsOf(authenticator)))
            {
                IsOfOne = true,
                IsByUser = true,
            },
            cancellationToken);
        return (state, outcome == RemoveOutcome.Removed);
    }
}
