using Sallyport.Server.Audit;
using Sallyport.Server.Security;
using Sallyport.Server.Storage;
using Sallyport.Server.Users;

namespace Sallyport.Server.Factors;

internal enum RemoveOutcome
{
    Removed,

    /// <summary>The user has no such authenticator, and one was named.</summary>
    NothingToRemove,

    UserNotFound,
}

/// <summary>
/// Takes authenticators away from their user, with those that are linked to them and with what was granted because of them. To
/// enroll again the user needs a new ticket.
/// </summary>
internal sealed class RemoveAuthenticators(Database database, AuditLog audit, IEnumerable<IFactorGrant> grants, TimeProvider clock)
{
    private static readonly TenantId Tenant = TenantId.Default;

    public async ValueTask<RemoveOutcome> RunAsync(Removal removal, AuditEntry entry, CancellationToken cancellationToken)
    {
        var userId = removal.UserId;
        try
        {
            return await database.WriteAsync(
                async unit =>
                {
                    unit.Enqueue(AttemptLimit.Hold(Tenant, userId));
                    var owned = await AuthenticatorStore.ListAsync(unit, Tenant, userId, cancellationToken);
                    var gone = owned.Where(removal.Which).ToList();
                    if (gone.Count == 0 && removal.IsOfOne)
                    {
                        unit.Abandon();
                        return RemoveOutcome.NothingToRemove;
                    }

                    Remove(unit, userId, WithLinked(owned, gone), entry.Source);
                    audit.Add(unit, Tenant, entry);
                    return RemoveOutcome.Removed;
                },
                cancellationToken);
        }
        catch (System.Data.Common.DbException exception) when (ConstraintViolation.IsForeignKey(exception))
        {
            return RemoveOutcome.UserNotFound;
        }
    }

    /// <summary>Inside a unit that holds the user (<see cref="AttemptLimit.Hold"/>).</summary>
    public void Remove(UnitOfWork unit, string userId, IReadOnlyList<Authenticator> gone, AuditSource source)
    {
        foreach (var authenticator in gone)
        {
            unit.Enqueue(AuthenticatorStore.Delete(Tenant, authenticator.Id));
            if (authenticator is { Status: AuthenticatorStatus.Confirmed, Factor: not FactorNames.RecoveryCode })
            {
                audit.Add(unit, Tenant, AuthenticatorEvent.Of(AuditTypes.Unenrolled, authenticator, source));
            }
        }

        if (!gone.Any(authenticator => authenticator.Status == AuthenticatorStatus.Confirmed))
        {
            return;
        }

        var now = clock.GetUtcNow();
        unit.Enqueue(AuthenticatorStore.DeleteOrphanedRecoveryCode(Tenant, userId));
        unit.Enqueue(UserStore.FactorsRemoved(Tenant, userId, now));
        foreach (var grant in grants)
        {
            unit.Enqueue(grant.End(Tenant, userId, now));
        }
    }

    private static List<Authenticator> WithLinked(List<Authenticator> owned, List<Authenticator> gone)
    {
        var links = gone.Select(authenticator => authenticator.LinkId).OfType<string>().ToHashSet(StringComparer.Ordinal);
        return [.. owned.Where(authenticator => gone.Contains(authenticator)
            || (authenticator.LinkId is { } link && links.Contains(link)))];
    }
}

/// <param name="Which">Of all that the user has, pending ones too.</param>
internal sealed record Removal(string UserId, Func<Authenticator, bool> Which)
{
    /// <summary>One is named, and has to be there.</summary>
    public bool IsOfOne { get; init; }
}
