using Sallyport.Server.Audit;
using Sallyport.Server.Factors;
using Sallyport.Server.Http.Paging;
using Sallyport.Server.Languages;
using Sallyport.Server.Tickets;
using Sallyport.Server.Users;

namespace Sallyport.Server.Dashboard.Users;

/// <summary>An authenticator as the page of its user shows it.</summary>
/// <param name="Label">Its factor, in words.</param>
/// <param name="Name">The name that the user gave it, or a part of its address or number; null if there is neither.</param>
internal sealed record OwnFactor(Authenticator Authenticator, string Label, string? Name);

/// <summary>Everything that support needs to know about a user at first sight.</summary>
internal sealed record UserDetails(User User, bool IsLockedOut)
{
    /// <summary>Confirmed authenticators, without the recovery code.</summary>
    public required IReadOnlyList<OwnFactor> Factors { get; init; }

    public required bool HasRecoveryCode { get; init; }

    public required IReadOnlyList<Ticket> Tickets { get; init; }

    /// <summary>The latest entries of the log, newest first; null if reading them took too long.</summary>
    public required IReadOnlyList<LogEntryResponse>? Log { get; init; }

    /// <summary>How the person is called in sentences.</summary>
    public string Who => User.Email ?? User.Username ?? User.PhoneNumber ?? User.UserId;
}

/// <summary>Reads the page of a user from the queries of the features.</summary>
internal sealed class UserDetailsQueries(UserQueries users, FactorQueries factors, FactorCatalog catalog, TicketQueries tickets, LogQueries log)
{
    private const int LogLines = 10;

    private static readonly Languages.Texts English = new Locale(Language.English, Language.English.Tag).Texts;

    /// <returns>Null if there is no such user.</returns>
    public async ValueTask<UserDetails?> FindAsync(CallContext call, string userId, CancellationToken cancellationToken)
    {
        if (await users.FindLockoutAsync(call.Tenant, userId, cancellationToken) is not var (user, isLockedOut))
        {
            return null;
        }

        var own = await factors.FindOfUserAsync(call.Tenant, userId, cancellationToken);
        return new UserDetails(user, isLockedOut)
        {
            Factors = [.. own.Confirmed.Where(a => !catalog.TraitsOf(a).IsFallback).Select(Show).OrderBy(f => f.Authenticator.EnrolledAt)],
            HasRecoveryCode = own.Confirmed.Any(a => catalog.TraitsOf(a).IsFallback),
            Tickets = await tickets.ListOpenAsync(call.Tenant, userId, cancellationToken) ?? [],
            Log = (await ListLogAsync(call, userId, new Page(0, LogLines, IncludeTotals: false), cancellationToken))?.Logs,
        };
    }

    /// <returns>The entries about a user, newest first; null if reading them took too long.</returns>
    public ValueTask<LogPage?> ListLogAsync(CallContext call, string userId, Page page, CancellationToken cancellationToken) =>
        log.SearchAsync(call.Tenant, new LogListing(page, LogListing.NewestFirst) { UserId = userId }, cancellationToken);

    /// <summary>The name of a factor that a ticket is limited to.</summary>
    public string LabelOfTicket(string ticketName) => catalog.FindByTicketName(ticketName)?.Label(English) ?? ticketName;

    /// <returns>The factors to which an invitation can be limited: their names in the ticket API, and in words.</returns>
    public async ValueTask<IReadOnlyList<(string Name, string Label)>> ListInvitableAsync(CallContext call, CancellationToken cancellationToken)
    {
        var (enabled, _) = await factors.ListAsync(call.Tenant, withSettings: false, cancellationToken);
        return [.. catalog.Verifiable.Where(traits => enabled.Contains(traits.Name) && traits.TicketName is not null).Select(traits => (traits.TicketName!, traits.Label(English)))];
    }

    private OwnFactor Show(Authenticator authenticator)
    {
        var factor = catalog.Stored(authenticator);
        var details = factor.Describe(authenticator);
        return new OwnFactor(
            authenticator, factor.Traits.Label(English), authenticator.Name ?? Masking.Email(details.Email) ?? Masking.PhoneNumber(details.PhoneNumber));
    }
}

/// <summary>Hands the details to a section: parameters of components have public types.</summary>
public sealed class UserView
{
    internal UserView(UserDetails value) => Value = value;

    internal UserDetails Value { get; }
}
