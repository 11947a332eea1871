using Sallyport.Server.Audit;
using Sallyport.Server.Factors;
using Sallyport.Server.Security;
using Sallyport.Server.Storage;
using Sallyport.Server.Users;

namespace Sallyport.Server.AuthenticationMethods;

internal enum CreateAuthenticationMethodOutcome
{
    Created,
    UserNotFound,

    /// <summary>The user has it already, or another user has the credential.</summary>
    Exists,

    TooMany,
}

/// <summary>
/// Creates an authenticator that is confirmed at once: the caller vouches for it. One of a factor that cannot be verified here is
/// stored and offered to nobody.
/// </summary>
internal sealed class CreateAuthenticationMethod(
    Database database, AuditLog audit, FactorCatalog catalog, FactorChangeNotices notices, TimeProvider clock)
{
    /// <summary>A method that is added so soon after the account was created is part of setting it up.</summary>
    private static readonly TimeSpan SetUpPeriod = TimeSpan.FromMinutes(10);

    public async ValueTask<(CreateAuthenticationMethodOutcome Outcome, AuthenticationMethodResponse? Method)> RunAsync(
        CallContext call, string userId, NewAuthenticationMethod method, CancellationToken cancellationToken)
    {
        try
        {
            return await database.WriteAsync<(CreateAuthenticationMethodOutcome, AuthenticationMethodResponse?)>(
                async unit =>
                {
                    var (outcome, created) = await AddAsync(unit, call, userId, method, cancellationToken);
                    if (created is null)
                    {
                        unit.Abandon();
                        return (outcome, null);
                    }

                    var display = await MethodDisplay.ReadAsync(unit, call.Tenant, catalog, [created], cancellationToken);
                    var answer = AuthenticationMethodResponse.Written(created, catalog.Stored(created), display);
                    audit.Add(unit, call.Tenant, ApiOperation.WithAnswer(
                        ApiOperation.Succeeded(call, userId), answer, MethodJson.Default.AuthenticationMethodResponse));
                    await TellAsync(unit, call, new FactorChange(userId, Email: null) { Added = [created.Factor] }, cancellationToken);
                    return (outcome, answer);
                },
                cancellationToken);
        }
        catch (System.Data.Common.DbException exception) when (ConstraintViolation.IsForeignKey(exception))
        {
            return (CreateAuthenticationMethodOutcome.UserNotFound, null);
        }
    }

    /// <summary>
    /// Creates the method as part of a larger unit. Violates <c>attempt_user_id_fkey</c> if there is no such user; otherwise the unit can go on,
    /// whatever the outcome.
    /// </summary>
    public async ValueTask<(CreateAuthenticationMethodOutcome Outcome, Authenticator? Created)> AddAsync(
        UnitOfWork unit, CallContext call, string userId, NewAuthenticationMethod method, CancellationToken cancellationToken)
    {
        unit.Enqueue(AttemptLimit.Hold(call.Tenant, userId));
        var factor = catalog.StoredByMethodType(method.Type);
        var owned = (await AuthenticatorStore.ListAsync(unit, call.Tenant, userId, cancellationToken))
            .Where(authenticator => authenticator.Status == AuthenticatorStatus.Confirmed && !catalog.TraitsOf(authenticator).IsFallback)
            .ToList();
        if (owned.Any(known => known.Factor == factor.Traits.Name && factor.IsSame(known, method.Details)))
        {
            return (CreateAuthenticationMethodOutcome.Exists, null);
        }

        return owned.Count >= MethodRules.MaxMethods
            ? (CreateAuthenticationMethodOutcome.TooMany, null)
            : await InsertAsync(unit, call, ToAuthenticator(call.Tenant, userId, factor, method), cancellationToken);
    }

    /// <summary>Tells the user what an administrator has changed, unless the account is only being set up.</summary>
    /// <param name="change">Its address is filled in.</param>
    public async ValueTask TellAsync(UnitOfWork unit, CallContext call, FactorChange change, CancellationToken cancellationToken)
    {
        var user = await UserStore.FindAsync(unit, call.Tenant, change.UserId, cancellationToken);
        if (user is not null && (change.Removed.Count > 0 || clock.GetUtcNow() - user.CreatedAt > SetUpPeriod))
        {
            notices.Add(unit, call, change with { Email = user.Email, IsByAdministrator = true });
        }
    }

    private async ValueTask<(CreateAuthenticationMethodOutcome, Authenticator?)> InsertAsync(
        UnitOfWork unit, CallContext call, Authenticator authenticator, CancellationToken cancellationToken)
    {
        if (await unit.ExecuteAsync(AuthenticatorStore.InsertUnlessKnown(authenticator), cancellationToken) == 0)
        {
            return (CreateAuthenticationMethodOutcome.Exists, null);
        }

        audit.Add(unit, call.Tenant, AuthenticatorEvent.Of(AuditTypes.EnrollmentComplete, authenticator, call.Source));
        return (CreateAuthenticationMethodOutcome.Created, authenticator);
    }

    private Authenticator ToAuthenticator(TenantId tenant, string userId, IStoredFactor factor, NewAuthenticationMethod method)
    {
        // Truncated to the millisecond, as instants are stored.
        var now = DateTimeOffset.FromUnixTimeMilliseconds(clock.GetUtcNow().ToUnixTimeMilliseconds());
        var id = Authenticator.NewId();
        var request = new EnrollmentRequest(tenant, new EnrollingUser(userId), TransactionId: null, now);
        return Authenticator.Pending(request, factor.Traits, id, factor.Store(method.Details, tenant, id)) with
        {
            Status = AuthenticatorStatus.Confirmed,
            EnrolledAt = now,
            Name = method.Name,
        };
    }
}
