using Sallyport.Server.Audit;
using Sallyport.Server.Http;
using Sallyport.Server.Security;
using Sallyport.Server.Storage;
using Sallyport.Server.Users;

namespace Sallyport.Server.Factors;

internal enum RemoveOutcome
{
    Removed,

    /// <summary>The user has no such authenticator, and one was named. Or it is the last one, and one has to remain.</summary>
    NothingToRemove,

    UserNotFound,
}

/// <summary>Selects the authenticators of a user to remove.</summary>
/// <param name="Which">Called for each, pending ones included.</param>
internal sealed record Removal(string UserId, Func<Authenticator, bool> Which)
{
    /// <summary>Removes all second factors.</summary>
    public static Removal Reset(string userId, FactorCatalog catalog) =>
        new(userId, authenticator => !catalog.TraitsOf(authenticator).IsFirstFactor) { IsReset = true };

    /// <summary>One is named, and has to exist.</summary>
    public bool IsOfOne { get; init; }

    /// <summary>All second factors are removed, so everything that is open ends, even if there is nothing to remove.</summary>
    public bool IsReset { get; init; }

    /// <summary>The user does it, and not an administrator.</summary>
    public bool IsByUser { get; init; }

    /// <summary>At least one second factor has to remain.</summary>
    public bool KeepsOne { get; init; }
}

/// <summary>
/// Removes authenticators from their user, with those that are linked to them and with the credentials that become obsolete. The user
/// needs a new ticket to enroll again.
/// </summary>
internal sealed class RemoveAuthenticators(Database database, AuditLog audit, FactorRemoval removals, FactorChangeNotices notices)
{
    public async ValueTask<RemoveOutcome> RunAsync(CallContext call, Removal removal, CancellationToken cancellationToken)
    {
        try
        {
            return await database.WriteAsync(unit => RunAsync(unit, call, removal, cancellationToken), cancellationToken);
        }
        catch (System.Data.Common.DbException exception) when (ConstraintViolation.IsForeignKey(exception))
        {
            return RemoveOutcome.UserNotFound;
        }
    }

    /// <summary>Part of an operation on many users, which writes the log entry for its caller itself.</summary>
    /// <returns>False if there was nothing to remove, or there is no such user.</returns>
    public ValueTask<bool> TryRunAsync(UnitOfWork unit, CallContext call, Removal removal, CancellationToken cancellationToken)
    {
        unit.Enqueue(AttemptLimit.HoldIfExists(call.Tenant, removal.UserId));
        return ApplyAsync(unit, call, removal, cancellationToken);
    }

    private async ValueTask<RemoveOutcome> RunAsync(UnitOfWork unit, CallContext call, Removal removal, CancellationToken cancellationToken)
    {
        var userId = removal.UserId;
        unit.Enqueue(AttemptLimit.Hold(call.Tenant, userId));
        if (!await ApplyAsync(unit, call, removal, cancellationToken) && removal.IsOfOne)
        {
            unit.Abandon();
            return RemoveOutcome.NothingToRemove;
        }

        audit.Add(unit, call.Tenant, ApiOperation.Succeeded(call, userId));
        return RemoveOutcome.Removed;
    }

    /// <returns>False if nothing was chosen, or nothing would remain where one has to. Everything that is open ends nevertheless if all factors are reset.</returns>
    private async ValueTask<bool> ApplyAsync(UnitOfWork unit, CallContext call, Removal removal, CancellationToken cancellationToken)
    {
        var userId = removal.UserId;
        var owned = await AuthenticatorStore.ListAsync(unit, call.Tenant, userId, cancellationToken);
        var chosen = owned.Where(removal.Which).ToList();
        if (chosen.Count == 0 && !removal.IsReset)
        {
            return false;
        }

        var removed = removal.IsReset ? chosen : WithLinked(owned, chosen);
        if (removal.KeepsOne && !owned.Except(removed).Any(a => a is { IsEnrollment: true, Status: AuthenticatorStatus.Confirmed }))
        {
            return false;
        }

        var user = await UserStore.FindAsync(unit, call.Tenant, userId, cancellationToken);
        if (removal.IsReset)
        {
            removals.Reset(unit, call, userId, removed);
        }
        else
        {
            removals.Remove(unit, call, userId, removed);
        }

        notices.Add(unit, call, new FactorChange(userId, user?.Email)
        {
            Removed = FactorRemoval.ConfirmedFactors(removed),
            IsByAdministrator = !removal.IsByUser,
        });
        return chosen.Count > 0;
    }

    private static List<Authenticator> WithLinked(List<Authenticator> owned, List<Authenticator> removed)
    {
        var links = removed.Select(authenticator => authenticator.LinkId).OfType<string>().ToHashSet(StringComparer.Ordinal);
        return [.. owned.Where(authenticator => removed.Contains(authenticator)
            || (authenticator.LinkId is { } link && links.Contains(link)))];
    }
}

/// <summary>Removes authenticators within a unit that holds their user (<see cref="AttemptLimit.Hold"/>).</summary>
internal sealed class FactorRemoval(AuditLog audit, FactorCatalog catalog, EndCredentials end, TimeProvider clock)
{
    /// <summary>Removes all of them and ends everything that is open.</summary>
    public void Reset(UnitOfWork unit, CallContext call, string userId, IReadOnlyList<Authenticator> removed)
    {
        Remove(unit, call, userId, removed);
        end.All(unit, call.Tenant, userId);
    }

    public void Remove(UnitOfWork unit, CallContext call, string userId, IReadOnlyList<Authenticator> removed)
    {
        foreach (var authenticator in removed)
        {
            unit.Enqueue(AuthenticatorStore.Delete(call.Tenant, authenticator.Id));
            if (authenticator is { Status: AuthenticatorStatus.Confirmed, IsEnrollment: true })
            {
                audit.Add(unit, call.Tenant, AuthenticatorEvent.Of(AuditTypes.Unenrolled, authenticator, call.Source));
            }
        }

        var confirmed = Confirmed(removed).ToList();
        if (confirmed.Count == 0)
        {
            return;
        }

        foreach (var fallback in catalog.Fallbacks)
        {
            unit.Enqueue(AuthenticatorStore.DeleteConfirmedIfNotEnrolled(call.Tenant, userId, fallback.Traits.Name));
        }

        unit.Enqueue(UserStore.FactorsRemoved(call.Tenant, userId, clock.GetUtcNow()));
        foreach (var authenticator in confirmed)
        {
            end.With(unit, new RemovedEnrollment(call.Tenant, userId, authenticator.Id, authenticator.EnrolledAt ?? authenticator.CreatedAt));
        }
    }

    /// <summary>The names of the factors that the user loses. A pending authenticator was of no use yet.</summary>
    public static IReadOnlyList<string> ConfirmedFactors(IEnumerable<Authenticator> removed) =>
        [.. Confirmed(removed).Where(IsOnItsOwn).Select(authenticator => authenticator.Factor)];

    /// <summary>Not a part of a device that is named itself.</summary>
    private static bool IsOnItsOwn(Authenticator authenticator) => authenticator.IsEnrollment || authenticator.LinkId is null;

    private static IEnumerable<Authenticator> Confirmed(IEnumerable<Authenticator> removed) =>
        removed.Where(authenticator => authenticator.Status == AuthenticatorStatus.Confirmed);
}

/// <summary>Removes an enrollment that is known by its id alone.</summary>
internal sealed class DeleteEnrollment(Database database, RemoveAuthenticators remove)
{
    /// <returns>False if there is no such enrollment.</returns>
    public async ValueTask<bool> RunAsync(CallContext call, string id, CancellationToken cancellationToken)
    {
        var found = await database.ReadAsync(
            session => AuthenticatorStore.FindAsync(session, call.Tenant, id, cancellationToken), cancellationToken);
        return found is { IsEnrollment: true } && !AdministratorUsers.Contains(found.UserId)
            && await remove.RunAsync(
                call, new Removal(found.UserId, authenticator => authenticator.Id == id) { IsOfOne = true }, cancellationToken) == RemoveOutcome.Removed;
    }
}
