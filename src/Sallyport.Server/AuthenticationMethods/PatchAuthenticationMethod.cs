using Sallyport.Server.Audit;
using Sallyport.Server.Factors;
using Sallyport.Server.Security;
using Sallyport.Server.Storage;

namespace Sallyport.Server.AuthenticationMethods;

internal enum PatchAuthenticationMethodOutcome
{
    Patched,
    UserNotFound,
    MethodNotFound,

    /// <summary>Only a phone is reached in more than one way.</summary>
    NotAPhone,
}

internal sealed class PatchAuthenticationMethod(Database database, AuditLog audit)
{
    private static readonly TenantId Tenant = TenantId.Default;

    public async ValueTask<(PatchAuthenticationMethodOutcome Outcome, AuthenticationMethodResponse? Method)> RunAsync(
        MethodPath path, PatchAuthenticationMethodRequest patch, AuditEntry entry, CancellationToken cancellationToken)
    {
        try
        {
            return await database.WriteAsync<(PatchAuthenticationMethodOutcome, AuthenticationMethodResponse?)>(
                async unit =>
                {
                    unit.Enqueue(AttemptLimit.Hold(Tenant, path.UserId));
                    var owned = await AuthenticatorStore.ListAsync(unit, Tenant, path.UserId, cancellationToken);
                    var found = owned.FirstOrDefault(authenticator => MethodTypes.IsNamed(authenticator, path.MethodId));
                    if (found is null || (patch.PreferredMethod is not null && found.Factor != FactorNames.Sms))
                    {
                        unit.Abandon();
                        return (found is null ? PatchAuthenticationMethodOutcome.MethodNotFound : PatchAuthenticationMethodOutcome.NotAPhone, null);
                    }

                    unit.Enqueue(AuthenticatorStore.Rename(found, patch.Name, patch.PreferredMethod));
                    var patched = found with { Name = patch.Name ?? found.Name, PreferredMethod = patch.PreferredMethod ?? found.PreferredMethod };
                    var answer = AuthenticationMethodResponse.Written(patched, await MethodMasksOfTenant.ReadAsync(unit, Tenant, cancellationToken));
                    audit.Add(unit, Tenant, ApiOperation.WithAnswer(entry, answer, MethodJson.Default.AuthenticationMethodResponse));
                    audit.Add(unit, Tenant, AuthenticatorEvent.Of(AuditTypes.DeviceAccountUpdated, patched, entry.Source));
                    return (PatchAuthenticationMethodOutcome.Patched, answer);
                },
                cancellationToken);
        }
        catch (System.Data.Common.DbException exception) when (ConstraintViolation.IsForeignKey(exception))
        {
            return (PatchAuthenticationMethodOutcome.UserNotFound, null);
        }
    }
}
