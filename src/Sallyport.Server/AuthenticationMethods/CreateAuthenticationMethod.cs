using Sallyport.Server.Audit;
using Sallyport.Server.Factors;
using Sallyport.Server.Factors.Totp;
using Sallyport.Server.Security;
using Sallyport.Server.Storage;

namespace Sallyport.Server.AuthenticationMethods;

internal enum CreateAuthenticationMethodOutcome
{
    Created,
    UserNotFound,

    /// <summary>The user has it already, or somebody has the credential.</summary>
    Exists,

    TooMany,
}

/// <summary>
/// Creates an authenticator that is confirmed at once: whoever calls vouches for it. One of a factor that is not built here is kept
/// as it is and offered to nobody.
/// </summary>
internal sealed class CreateAuthenticationMethod(Database database, AuditLog audit, TotpFactor totp, TimeProvider clock)
{
    private static readonly TenantId Tenant = TenantId.Default;

    public async ValueTask<(CreateAuthenticationMethodOutcome Outcome, AuthenticationMethodResponse? Method)> RunAsync(
        string userId, NewAuthenticationMethod method, AuditEntry entry, CancellationToken cancellationToken)
    {
        try
        {
            return await database.WriteAsync<(CreateAuthenticationMethodOutcome, AuthenticationMethodResponse?)>(
                async unit =>
                {
                    var (outcome, created) = await AddAsync(unit, userId, method, entry.Source, cancellationToken);
                    if (created is null)
                    {
                        unit.Abandon();
                        return (outcome, null);
                    }

                    var masks = await MethodMasksOfTenant.ReadAsync(unit, Tenant, cancellationToken);
                    var answer = AuthenticationMethodResponse.Written(created, masks);
                    audit.Add(unit, Tenant, ApiOperation.WithAnswer(entry, answer, MethodJson.Default.AuthenticationMethodResponse));
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
    /// As a part of a unit that does more. Breaks <c>attempt_user_id_fkey</c> where there is no such user; in every other case the
    /// unit can go on, whatever the outcome.
    /// </summary>
    public async ValueTask<(CreateAuthenticationMethodOutcome Outcome, Authenticator? Created)> AddAsync(
        UnitOfWork unit, string userId, NewAuthenticationMethod method, AuditSource source, CancellationToken cancellationToken)
    {
        unit.Enqueue(AttemptLimit.Hold(Tenant, userId));
        var owned = (await AuthenticatorStore.ListAsync(unit, Tenant, userId, cancellationToken))
            .Where(authenticator => authenticator is { Status: AuthenticatorStatus.Confirmed, Factor: not FactorNames.RecoveryCode })
            .ToList();
        if (owned.Any(authenticator => IsSame(authenticator, method)))
        {
            return (CreateAuthenticationMethodOutcome.Exists, null);
        }

        return owned.Count >= MethodRules.MaxMethods
            ? (CreateAuthenticationMethodOutcome.TooMany, null)
            : await InsertAsync(unit, ToAuthenticator(userId, method), source, cancellationToken);
    }

    private async ValueTask<(CreateAuthenticationMethodOutcome, Authenticator?)> InsertAsync(
        UnitOfWork unit, Authenticator authenticator, AuditSource source, CancellationToken cancellationToken)
    {
        if (await unit.ExecuteAsync(AuthenticatorStore.InsertUnlessKnown(authenticator), cancellationToken) == 0)
        {
            return (CreateAuthenticationMethodOutcome.Exists, null);
        }

        audit.Add(unit, Tenant, AuthenticatorEvent.Of(AuditTypes.EnrollmentComplete, authenticator, source));
        return (CreateAuthenticationMethodOutcome.Created, authenticator);
    }

    private bool IsSame(Authenticator known, NewAuthenticationMethod method) =>
        known.Factor == MethodTypes.FactorOf(method.Type)
        && (method.TotpSecret is { } secret
            ? totp.HasSecret(known, secret)
            : known.PhoneNumber == method.PhoneNumber && known.Email == method.Email && known.KeyId == method.KeyId);

    private Authenticator ToAuthenticator(string userId, NewAuthenticationMethod method)
    {
        // To the millisecond, as it is stored and shown.
        var now = DateTimeOffset.FromUnixTimeMilliseconds(clock.GetUtcNow().ToUnixTimeMilliseconds());
        var created = method.TotpSecret is { } secret
            ? totp.Create(new NewAuthenticatorRequest(Tenant, userId, TransactionId: null, now), secret)
            : new Authenticator
            {
                Tenant = Tenant,
                Id = Authenticator.NewId(),
                UserId = userId,
                Factor = MethodTypes.FactorOf(method.Type),
                Status = AuthenticatorStatus.Confirmed,
                CreatedAt = now,
            };
        return created with
        {
            Status = AuthenticatorStatus.Confirmed,
            EnrolledAt = now,
            Name = method.Name,
            PhoneNumber = method.PhoneNumber,
            Email = method.Email,
            PreferredMethod = method.PreferredMethod,
            KeyId = method.KeyId,
            Credential = method.CredentialText,
        };
    }
}
