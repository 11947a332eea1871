using Sallyport.Server.Audit;
using Sallyport.Server.Factors;
using Sallyport.Server.Storage;
using Sallyport.Server.Tenants;

namespace Sallyport.Server.YourFactors;

/// <summary>The factors of a user as the page shows them.</summary>
internal sealed record FactorList
{
    /// <summary>Confirmed authenticators, without the recovery code. Linked ones are one entry.</summary>
    public required IReadOnlyList<ListedFactor> Own { get; init; }

    /// <summary>The factors of which the user may add an authenticator.</summary>
    public required IReadOnlyList<FactorTraits> Addable { get; init; }

    /// <summary>Null if the tenant has switched recovery codes off.</summary>
    public required FactorTraits? RecoveryCode { get; init; }

    /// <summary>The user is asked for it first; null if the rank of the factors decides.</summary>
    public string? PreferredId => Own.Where(factor => factor.Authenticator.PreferredAt is not null).MaxBy(factor => factor.Authenticator.PreferredAt)?.Authenticator.Id;
}

/// <param name="Name">The name that the user has given it, or a part of its address or number; null if there is neither.</param>
internal sealed record ListedFactor(Authenticator Authenticator, FactorTraits Traits, string? Name);

internal sealed class YourFactorsQueries(Database database, FactorCatalog catalog, TimeProvider clock)
{
    public ValueTask<TenantSettings> GetTenantAsync(CallContext call, CancellationToken cancellationToken) =>
        database.ReadAsync(session => TenantStore.GetSettingsAsync(session, call.Tenant, cancellationToken), cancellationToken);

    public async ValueTask<FactorList> ListAsync(CallContext call, FactorSession session, CancellationToken cancellationToken)
    {
        var factors = await database.ReadAsync(
            async reader => await catalog.WithoutUnconfiguredAsync(
                reader, call.Tenant, await UserFactors.FindAsync(reader, call.Tenant, session.UserId, cancellationToken), cancellationToken),
            cancellationToken);
        var own = factors.Confirmed
            .Where(authenticator => !catalog.TraitsOf(authenticator).IsFallback)
            .GroupBy(authenticator => authenticator.LinkId ?? authenticator.Id)
            .Select(linked => linked.MinBy(authenticator => catalog.TraitsOf(authenticator).Rank)!)
            .Select(Show)
            .OrderBy(factor => factor.Traits.Rank).ThenBy(factor => factor.Authenticator.EnrolledAt);
        return new FactorList
        {
            Own = [.. own],
            Addable = [.. catalog.Enrollable(factors).Where(factor => MayAdd(call, session, factor, factors)).Select(factor => factor.Traits)],
            RecoveryCode = catalog.Fallbacks.Select(factor => factor.Traits).FirstOrDefault(traits => factors.Enabled.Contains(traits.Name)),
        };
    }

    private ListedFactor Show(Authenticator authenticator)
    {
        var factor = catalog.Stored(authenticator);
        var details = factor.Describe(authenticator);
        return new ListedFactor(
            authenticator, factor.Traits, authenticator.Name ?? Masking.Email(details.Email) ?? Masking.PhoneNumber(details.PhoneNumber));
    }

    /// <summary>Not what the user has already, such as the only verified address.</summary>
    private bool MayAdd(CallContext call, FactorSession session, IFactor factor, UserFactors factors)
    {
        var user = new EnrollingUser(session.UserId) { VerifiedEmail = session.User.EmailVerified == true ? session.User.Email : null };
        return factor.Begin(new EnrollmentRequest(call.Tenant, user, TransactionId: null, clock.GetUtcNow())) is { } begun
            && !factors.Confirmed.Any(known => known.Factor == factor.Traits.Name && factor.IsSame(known, factor.Describe(begun.Authenticator)));
    }
}
