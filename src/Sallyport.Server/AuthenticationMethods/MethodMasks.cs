using Sallyport.Server.Storage;
using Sallyport.Server.Tenants;

namespace Sallyport.Server.AuthenticationMethods;

/// <summary>The values that an answer shows only in part.</summary>
[Flags]
internal enum MethodMasks
{
    None = 0,
    Email = 1,
    PhoneNumber = 2,
}

internal static class MethodMasksOfTenant
{
    private const string ShowsNumbers = "disable_management_api_sms_obfuscation";

    /// <summary>Addresses always; numbers unless the tenant's flag says otherwise.</summary>
    public static async ValueTask<MethodMasks> ReadAsync(Session session, TenantId tenant, CancellationToken cancellationToken) =>
        await TenantStore.IsFlagSetAsync(session, tenant, ShowsNumbers, cancellationToken)
            ? MethodMasks.Email
            : MethodMasks.Email | MethodMasks.PhoneNumber;
}
