using System.Text.Json;
using Sallyport.Server.Configuration;
using Sallyport.Server.Factors.Settings;
using Sallyport.Server.Settings;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Factors.Sms.Guard;

/// <summary>Limits what toll fraud can cost (docs/providers.md). The limits of a user do not help, because fraud creates many users.</summary>
internal sealed class PhoneGuard(SettingReader settings, SallyportOptions options)
{
    public async ValueTask<PhoneLimits> ReadAsync(Session session, TenantId tenant, CancellationToken cancellationToken)
    {
        var stored = await settings.FindAsync(session, tenant, FactorSettings.PhoneGuard, cancellationToken);
        var shown = SettingValue.Show(FactorSettings.PhoneGuard, stored, withSecrets: false).Deserialize(FactorJson.Default.PhoneGuardSettings)!;
        return new PhoneLimits(tenant, shown.AllowedCountries is { } allowed ? [.. allowed.Select(country => country.ToUpperInvariant())] : options.PhoneCountries)
        {
            MaxPerHour = shown.MaxMessagesPerHour!.Value,
            MaxPerPrefixAndHour = shown.MaxMessagesPerPrefixPerHour!.Value,
            MinEnteredPercent = shown.MinEnteredPercent!.Value,
            MinCodes = shown.MinCodes!.Value,
        };
    }
}

/// <summary>The limits of a tenant, without I/O.</summary>
/// <param name="Countries">Empty: all.</param>
internal sealed record PhoneLimits(TenantId Tenant, IReadOnlyList<string> Countries)
{
    public required int MaxPerHour { get; init; }

    public required int MaxPerPrefixAndHour { get; init; }

    public required int MinEnteredPercent { get; init; }

    public required int MinCodes { get; init; }

    /// <returns>Null if nothing may be sent to the number.</returns>
    public PhoneDestination? TryFind(string number) =>
        PhoneDestination.TryFind(number) is { } destination && (Countries.Count == 0 || Countries.Contains(destination.Country))
            ? destination
            : null;

    /// <returns>Statements that count one message. Each changes one row, unless its limit is reached or the destination is halted.</returns>
    public IReadOnlyList<Statement> Count(PhoneDestination destination, DateTimeOffset now) =>
    [
        PhoneUsageStore.CountForTenant(Tenant, MaxPerHour, now),
        PhoneUsageStore.CountForPrefix(Tenant, destination, MaxPerPrefixAndHour, now),
    ];

    /// <summary>So few of the codes were entered that they probably reach nobody who wants to sign in.</summary>
    public bool HasCollapsed(DestinationUsage usage) =>
        usage.Sent >= MinCodes && usage.Entered * 100 < (long)MinEnteredPercent * usage.Sent;
}

/// <summary>How many sign-ins and enrollments were sent codes at a destination, and in how many of them a code was entered.</summary>
/// <param name="Destination">A country or a prefix (<see cref="PhoneDestination"/>).</param>
internal sealed record DestinationUsage(string Destination, long Sent, long Entered);
