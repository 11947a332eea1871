using Microsoft.AspNetCore.Identity;
using Sallyport.Server.Audit;
using Sallyport.Server.Configuration;
using Sallyport.Server.Security;
using Sallyport.Server.Storage;
using Sallyport.Server.Users;

namespace Sallyport.Server.Administrators;

internal enum InviteOutcome
{
    Invited,

    /// <summary>There is an administrator with this address.</summary>
    Exists,

    NotFound,
}

/// <summary>Makes invitations: links with which an administrator sets a password and enrolls a second factor.</summary>
internal sealed class InviteAdministrator(Database database, AuditLog audit, SecretHash hash, SallyportOptions options, TimeProvider clock)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    public const string Path = "/dashboard/invitation";

    /// <returns>The link, which is in no database and no log.</returns>
    public async ValueTask<(InviteOutcome Outcome, string? Url)> RunAsync(
        CallContext call, string email, AdministratorRole role, CancellationToken cancellationToken)
    {
        try
        {
            return await database.WriteAsync(
                unit =>
                {
                    var userId = AdministratorStore.Add(unit, call.Tenant, new NewAdministrator(email, role), UserRules.Now(clock));
                    audit.Add(unit, call.Tenant, ApiOperation.Succeeded(call, userId));
                    return ValueTask.FromResult((InviteOutcome.Invited, (string?)Invite(unit, call.Tenant, userId)));
                },
                cancellationToken);
        }
        catch (System.Data.Common.DbException exception) when (ConstraintViolation.IsUnique(exception))
        {
            return (InviteOutcome.Exists, null);
        }
    }

    /// <summary>For an administrator who has not used the last invitation, or has lost the password or the factor.</summary>
    public ValueTask<(InviteOutcome Outcome, string? Url)> RunAgainAsync(CallContext call, string userId, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async unit =>
            {
                if (await AdministratorStore.FindAsync(unit, call.Tenant, userId, clock.GetUtcNow(), cancellationToken) is null)
                {
                    return (InviteOutcome.NotFound, null);
                }

                unit.Enqueue(AdministratorStore.Invitations.End(call.Tenant, userId, clock.GetUtcNow()));
                audit.Add(unit, call.Tenant, ApiOperation.Succeeded(call, userId));
                return (InviteOutcome.Invited, (string?)Invite(unit, call.Tenant, userId));
            },
            cancellationToken);

    /// <summary>
    /// Invites the first owner, at every start until one has signed in. The links of earlier starts stay valid until they expire, because several
    /// nodes may start at once.
    /// </summary>
    /// <returns>The link; null if an owner has signed in.</returns>
    public async ValueTask<string?> InviteFirstAsync(UnitOfWork unit, TenantId tenant, string email, CancellationToken cancellationToken)
    {
        if (await AdministratorStore.HasOwnerAsync(unit, tenant, cancellationToken))
        {
            return null;
        }

        var known = await AdministratorStore.FindByEmailAsync(unit, tenant, UserRules.NormalizeEmail(email)!, clock.GetUtcNow(), cancellationToken);
        return Invite(unit, tenant, known?.UserId ?? AdministratorStore.Add(unit, tenant, new NewAdministrator(email, AdministratorRole.Owner), UserRules.Now(clock)));
    }

    private string Invite(UnitOfWork unit, TenantId tenant, string userId)
    {
        var (id, now) = (LinkId.New(), clock.GetUtcNow());
        unit.Enqueue(AdministratorStore.InsertInvitation(tenant, userId, AdministratorStore.Invitations.Hash(hash, id), (now, now + Lifetime)));
        return $"{options.PublicUrl}{Path}?code={id.Value}";
    }
}

internal enum AcceptInvitationOutcome
{
    /// <summary>The second factor is next.</summary>
    AsksForFactor,

    PasswordTooShort,

    /// <summary>The invitation was used, withdrawn or has expired.</summary>
    Ended,
}

/// <summary>
/// Sets the password of an invited administrator, and begins the second factor, which a person without one enrolls. The invitation ends with the
/// sign-in, not before: whoever is interrupted can open it again.
/// </summary>
internal sealed class AcceptInvitation(
    Database database, PasswordHasher<User> hasher, EndCredentials end, StartAdministratorFactor start, InvitedAdministrators invited)
{
    public const int MinPasswordLength = BootstrapAdministrator.MinPasswordLength;

    public async ValueTask<(AcceptInvitationOutcome Outcome, string? PageUrl)> RunAsync(
        CallContext call, (string? Code, string Password) request, BegunSignIn begun, CancellationToken cancellationToken)
    {
        if (request.Password.EnumerateRunes().Count() < MinPasswordLength)
        {
            return (AcceptInvitationOutcome.PasswordTooShort, null);
        }

        // Hashing is slow, so it is done before the unit of work, and only for the holder of an invitation.
        if (await invited.FindAsync(call.Tenant, request.Code, cancellationToken) is not { } administrator)
        {
            return (AcceptInvitationOutcome.Ended, null);
        }

        var passwordHash = hasher.HashPassword(new User { UserId = administrator.UserId }, request.Password);
        await database.WriteAsync(
            async unit =>
            {
                unit.Enqueue(AttemptLimit.Hold(call.Tenant, administrator.UserId));
                if (await UserStore.LockAsync(unit, call.Tenant, administrator.UserId, cancellationToken) is { } stored)
                {
                    var changed = stored with { PasswordHash = passwordHash };
                    UserStore.Update(unit, call.Tenant, stored, changed);
                    end.WithChange(unit, call.Tenant, stored, changed);
                }
            },
            cancellationToken);
        var pageUrl = await start.RunAsync(call, administrator.UserId, begun, mayEnroll: true, cancellationToken);
        return pageUrl is null ? (AcceptInvitationOutcome.Ended, null) : (AcceptInvitationOutcome.AsksForFactor, pageUrl);
    }
}

/// <summary>The administrators whom open invitations are for.</summary>
internal sealed class InvitedAdministrators(Database database, SecretHash hash, TimeProvider clock)
{
    /// <param name="code">From the link.</param>
    /// <returns>Null if the invitation cannot be used.</returns>
    public async ValueTask<Administrator?> FindAsync(TenantId tenant, string? code, CancellationToken cancellationToken) =>
        LinkId.TryParse(code, out var id)
            ? await database.ReadAsync(
                session => AdministratorStore.FindInvitedAsync(
                    session, tenant, AdministratorStore.Invitations.Hash(hash, id), clock.GetUtcNow(), cancellationToken),
                cancellationToken)
            : null;
}
