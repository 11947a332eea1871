using Sallyport.Server.Http;
using Sallyport.Server.Settings;

namespace Sallyport.Server.Policies;

internal static class PolicyEndpoints
{
    public static readonly SettingKind MfaPolicies = SettingKind.Of<MfaPolicies>("policies", "[]");

    public static readonly SettingKind MfaSession = SettingKind.Of<MfaSessionSettings>(
        "mfa-session",
        """
        {
            "display_remember_me_checkbox": true, "remember_me_default_value": false,
            "mfa_session_inactivity_timeout": 604800, "mfa_session_overall_timeout": 2592000
        }
        """);

    public static void AddPolicies(this IServiceCollection services) =>
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, PolicyJson.Default));

    public static void MapPolicies(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/guardian").WithTags("Policies");
        new SettingRoutes(group, ManagementScopes.ReadMfaPolicies, ManagementScopes.UpdateMfaPolicies)
            .Get<MfaPolicies>("/policies", MfaPolicies)
            .Put<MfaPolicies>("/policies", MfaPolicies);
        new SettingRoutes(group, ManagementScopes.ReadFactors, ManagementScopes.UpdateFactors)
            .Get<MfaSessionSettings>("/settings", MfaSession)
            .Put<MfaSessionSettings>("/settings", MfaSession);
    }
}
