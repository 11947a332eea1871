using Sallyport.Server.Languages;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Factors;

/// <summary>All factors: those that this version can verify, and those whose authenticators it only stores.</summary>
internal sealed class FactorCatalog
{
    private readonly Dictionary<string, IStoredFactor> all;
    private readonly IReadOnlyList<IFactor> verifiable;

    public FactorCatalog(IEnumerable<IStoredFactor> factors)
    {
        all = factors.ToDictionary(factor => factor.Traits.Name, StringComparer.Ordinal);
        verifiable = [.. all.Values.OfType<IFactor>().OrderBy(factor => factor.Traits.Rank)];
    }

    /// <summary>The factors that can be verified, in the order in which they are offered.</summary>
    public IEnumerable<FactorTraits> Verifiable => verifiable.Select(factor => factor.Traits);

    /// <summary>The names of the factors that a tenant can switch on: those of the published API in its order, then those that it does not have.</summary>
    public IReadOnlyList<string> Switchable => [.. FactorNames.All.Union(Verifiable.Select(traits => traits.Name))];

    /// <summary>The factors with <see cref="FactorTraits.IsFallback"/>.</summary>
    public IEnumerable<IFactor> Fallbacks => verifiable.Where(factor => factor.Traits.IsFallback);

    public IEnumerable<IDeviceFactor> Devices => verifiable.OfType<IDeviceFactor>();

    public FactorTraits TraitsOf(Authenticator authenticator) => Stored(authenticator).Traits;

    /// <summary>The name of a factor in a mail. For a factor that this version does not know, it is the stored name.</summary>
    public string LabelOf(string factor, Texts texts) => all.TryGetValue(factor, out var known) ? known.Traits.Label(texts) : factor;

    public IStoredFactor Stored(Authenticator authenticator) => all[authenticator.Factor];

    public IStoredFactor StoredByMethodType(string methodType) => all.Values.Single(factor => factor.Traits.MethodType == methodType);

    /// <returns>Null if no ticket can be limited to it. This version may be unable to verify it.</returns>
    public FactorTraits? FindByTicketName(string ticketName) =>
        all.Values.Select(factor => factor.Traits).FirstOrDefault(traits => traits.TicketName == ticketName);

    /// <returns>Null if this version cannot verify it.</returns>
    public IFactor? Find(string name) => all.GetValueOrDefault(name) as IFactor;

    /// <param name="name">A <see cref="FactorTraits.SendName"/>, or one of <see cref="FactorTraits.Channels"/>.</param>
    /// <returns>Null if no factor that can be verified has that name in the calls <c>send-…</c> of the Guardian API.</returns>
    public IFactor? FindBySendName(string name) =>
        verifiable.FirstOrDefault(factor => factor.Traits.SendName == name || factor.Traits.Channels.Contains(name));

    /// <returns>Null if no factor that can be verified has that channel in the MFA API.</returns>
    public IFactor? FindByChannel(string channel) =>
        verifiable.FirstOrDefault(factor => factor.Traits.Channel == channel || factor.Traits.Channels.Contains(channel));

    /// <summary>Whether it belongs to a device that enrolls itself.</summary>
    public bool IsOfDevice(Authenticator authenticator) => Find(authenticator.Factor) is IDeviceFactor;

    /// <summary>Whether one of the user's devices can be sent a challenge.</summary>
    public bool HasReachableDevice(UserFactors user) => Answerable(user).Any(traits => Find(traits.Name) is IDeviceFactor);

    /// <summary>The traits that all factors with this kind of response share.</summary>
    public FactorTraits TraitsOf(ResponseKind kind) => verifiable.First(factor => factor.ResponseKind == kind).Traits;

    /// <summary>The names of the factors with this kind of response.</summary>
    public IEnumerable<string> NamesOf(ResponseKind kind) =>
        verifiable.Where(factor => factor.ResponseKind == kind).Select(factor => factor.Traits.Name);

    /// <summary>The factors that may be enrolled, in the order in which they are offered.</summary>
    /// <param name="named">The only factor that a ticket allows; null for any.</param>
    public IEnumerable<IFactor> Enrollable(UserFactors user, string? named = null) =>
        verifiable.Where(factor => user.Enabled.Contains(factor.Traits.Name) && !factor.Traits.IsFallback
            && (named is null ? !factor.Traits.IsDependent || user.IsEnrolled : factor.Traits.Name == named));

    /// <returns>The factors without those that the tenant has switched on, but cannot be used because they are not set up.</returns>
    public async ValueTask<UserFactors> WithoutUnconfiguredAsync(
        Session session, TenantId tenant, UserFactors user, CancellationToken cancellationToken)
    {
        var offered = user.Enabled.ToHashSet(StringComparer.Ordinal);
        foreach (var factor in verifiable.OfType<IRedirectFactor>().Where(factor => user.Enabled.Contains(factor.Traits.Name)))
        {
            if (!await factor.IsConfiguredAsync(session, tenant, cancellationToken))
            {
                offered.Remove(factor.Traits.Name);
            }
        }

        return user with { Enabled = offered };
    }

    /// <summary>
    /// The Guardian methods that a user can answer with: verifiable, switched on and confirmed; in the order of
    /// <see cref="Answerable"/> (docs/wire.md §1.4).
    /// </summary>
    public IReadOnlyList<string> AnswerableMethods(UserFactors user) => [.. Answerable(user).Select(traits => traits.Method)];

    /// <summary>Like <see cref="AnswerableMethods"/>, without fallbacks, because clients do not offer those as a first choice.</summary>
    public IReadOnlyList<string> PrimaryMethods(UserFactors user) =>
        [.. Answerable(user).Where(traits => !traits.IsFallback).Select(traits => traits.Method)];

    /// <returns>The number of the newest phone of a user, in part; null if there is none.</returns>
    public string? MaskedPhoneNumberOf(UserFactors user) =>
        Masking.PhoneNumber(user.Confirmed
            .Where(authenticator => user.Enabled.Contains(authenticator.Factor))
            .Select(authenticator => Stored(authenticator).Describe(authenticator).PhoneNumber)
            .FirstOrDefault(number => number is not null));

    /// <returns>The channels on which the tenant allows to reach the authenticators, by the name of their factor, for those that have a choice.</returns>
    public async ValueTask<IReadOnlyDictionary<string, IReadOnlyList<string>>> FindChannelsAsync(
        Session session, TenantId tenant, IEnumerable<Authenticator> authenticators, CancellationToken cancellationToken)
    {
        var channels = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var name in authenticators.Select(authenticator => authenticator.Factor).Distinct())
        {
            if (Find(name) is { Traits.Channels.Count: > 0 } factor
                && await factor.FindCodeSettingsAsync(session, tenant, cancellationToken) is { } settings)
            {
                channels.Add(name, settings.Channels);
            }
        }

        return channels;
    }

    /// <summary>
    /// The factors that a user can answer with: verifiable, switched on and confirmed; the one that the user prefers first, then by rank,
    /// fallbacks last.
    /// </summary>
    public IEnumerable<FactorTraits> Answerable(UserFactors user) =>
        user.Confirmed
            .Where(authenticator => user.IsUsable(authenticator) && authenticator.HaltedAt is null && Stored(authenticator).CanAnswer(authenticator))
            .GroupBy(authenticator => authenticator.Factor, authenticator => authenticator.PreferredAt)
            .Select(group => (Factor: Find(group.Key), PreferredAt: group.Max()))
            .Where(candidate => candidate.Factor is not null)
            .OrderBy(candidate => candidate.Factor!.Traits.IsFallback)
            .ThenByDescending(candidate => candidate.PreferredAt)
            .ThenBy(candidate => candidate.Factor!.Traits.Rank)
            .Select(candidate => candidate.Factor!.Traits);
}
