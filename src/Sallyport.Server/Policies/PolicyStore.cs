using System.Text.Json;
using Sallyport.Server.Settings;
using Sallyport.Server.Storage;
using Sallyport.Server.Users;

namespace Sallyport.Server.Policies;

/// <summary>The policies of a tenant, as sign-ins read them.</summary>
internal static class PolicyStore
{
    /// <returns>The defaults if they were never set.</returns>
    public static async ValueTask<MfaSessionSettings> GetSessionSettingsAsync(Session session, TenantId tenant, CancellationToken cancellationToken)
    {
        var kind = PolicyEndpoints.MfaSession;
        var row = await SettingStore.FindAsync(session, tenant, kind.Name, cancellationToken);
        return JsonSerializer.Deserialize(row?.Value ?? kind.Unset, PolicyJson.Default.MfaSessionSettings)!;
    }

    public static async ValueTask<TenantPolicies> GetPoliciesAsync(Session session, TenantId tenant, CancellationToken cancellationToken)
    {
        var (applications, rules) = await session.QueryBothAsync(
            SettingStore.FindValue(tenant, PolicyEndpoints.MfaPolicies.Name),
            SettingStore.FindValue(tenant, PolicyEndpoints.Rules.Name),
            cancellationToken);
        return new TenantPolicies(
            applications is [{ } list] ? JsonSerializer.Deserialize(list, PolicyJson.Default.MfaPolicies) : null,
            rules is [{ } document] ? JsonSerializer.Deserialize(document, PolicyJson.Default.SignInRules)!.Rules : []);
    }

    public static SignInCircumstances CircumstancesOf(PolicyRequest request, User user) => new(request.ClientId, request.Connection ?? user.Connection)
    {
        Address = SignInCircumstances.ParseAddress(request.Ip),
        Scopes = SignInCircumstances.Split(request.Scope),
        AcrValues = SignInCircumstances.Split(request.AcrValues),
        AppMetadata = user.AppMetadata,
        UserMetadata = user.UserMetadata,
    };
}
