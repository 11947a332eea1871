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

    /// <summary>Only phones have more than one channel.</summary>
    NotAPhone,
}

internal sealed class PatchAuthenticationMethod(Database database, AuditLog audit, FactorCatalog catalog)
{
    public async ValueTask<(PatchAuthenticationMethodOutcome Outcome, AuthenticationMethodResponse? Method)> RunAsync(
        CallContext call, MethodPath path, PatchAuthenticationMethodRequest patch, CancellationToken cancellationToken)
    {
        try
        {
            return await database.WriteAsync<(PatchAuthenticationMethodOutcome, AuthenticationMethodResponse?)>(
                async unit =>
                {
                    unit.Enqueue(AttemptLimit.Hold(call.Tenant, path.UserId));
                    var owned = await AuthenticatorStore.ListAsync(unit, call.Tenant, path.UserId, cancellationToken);
                    var found = owned.FirstOrDefault(known => MethodIds.Matches(known, catalog.TraitsOf(known), path.MethodId));
                    if (found is null || (patch.PreferredMethod is not null && catalog.TraitsOf(found).Channels.Count == 0))
                    {
                        unit.Abandon();
                        return (found is null ? PatchAuthenticationMethodOutcome.MethodNotFound : PatchAuthenticationMethodOutcome.NotAPhone, null);
                    }

                    var factor = catalog.Stored(found);
                    var patched = Apply(found, factor, patch);
                    unit.Enqueue(AuthenticatorStore.Update(patched));
                    var display = await MethodDisplay.ReadAsync(unit, call.Tenant, catalog, [patched], cancellationToken);
                    var answer = AuthenticationMethodResponse.Written(patched, factor, display);
                    audit.Add(unit, call.Tenant, ApiOperation.WithAnswer(
                        ApiOperation.Succeeded(call, path.UserId), answer, MethodJson.Default.AuthenticationMethodResponse));
                    audit.Add(unit, call.Tenant, AuthenticatorEvent.Of(AuditTypes.DeviceAccountUpdated, patched, call.Source));
                    return (PatchAuthenticationMethodOutcome.Patched, answer);
                },
                cancellationToken);
        }
        catch (System.Data.Common.DbException exception) when (ConstraintViolation.IsForeignKey(exception))
        {
            return (PatchAuthenticationMethodOutcome.UserNotFound, null);
        }
    }

    private static Authenticator Apply(Authenticator found, IStoredFactor factor, PatchAuthenticationMethodRequest patch)
    {
        var named = found with { Name = patch.Name ?? found.Name };
        return patch.PreferredMethod is null
            ? named
            : named with
            {
                Data = factor.Store(factor.Describe(found) with { PreferredMethod = patch.PreferredMethod }, found.Tenant, found.Id).Data,
            };
    }
}
