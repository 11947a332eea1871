using Microsoft.AspNetCore.Http.HttpResults;
using Sallyport.Server.Audit;
using Sallyport.Server.Http;
using Sallyport.Server.Http.Payloads;
using Sallyport.Server.Settings;

namespace Sallyport.Server.Policies;

internal static class PolicyEndpoints
{
    public static readonly SettingKind MfaPolicies = SettingKind.Of<MfaPolicies>("policies", """["all-applications"]""");

    public static readonly SettingKind Rules = SettingKind.Of<SignInRules>("policy-rules", """{ "rules": [] }""");

    public static readonly SettingKind MfaSession = SettingKind.Of<MfaSessionSettings>(
        "mfa-session",
        """
        {
            "display_remember_me_checkbox": true, "remember_me_default_value": false,
            "mfa_session_inactivity_timeout": 604800, "mfa_session_overall_timeout": 2592000
        }
        """);

    private static readonly ApiError UserNotFound = ApiError.NotFound("User not found.", ErrorCodes.InexistentUser);

    public static void AddPolicies(this IServiceCollection services)
    {
        services.AddSingleton<ExplainPolicy>();
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, PolicyJson.Default));
    }

    public static void MapPolicies(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/guardian").WithTags("Policies");
        new SettingRoutes(group, ManagementScopes.ReadMfaPolicies, ManagementScopes.UpdateMfaPolicies)
            .Get<MfaPolicies>("/policies", MfaPolicies)
            .Put<MfaPolicies>("/policies", MfaPolicies)
            .Get<SignInRules>("/policies/rules", Rules)
            .Put<SignInRules>("/policies/rules", Rules);
        group.MapPost("/policies/explain", ExplainAsync).RequireScope(ManagementScopes.ReadMfaPolicies).WithName("ExplainPolicies")
            .Produces<ApiErrorBody>(404);
        new SettingRoutes(group, ManagementScopes.ReadFactors, ManagementScopes.UpdateFactors)
            .Get<MfaSessionSettings>("/settings", MfaSession)
            .Put<MfaSessionSettings>("/settings", MfaSession);
    }

    private static async Task<Results<Ok<PolicyExplanation>, ApiError>> ExplainAsync(
        Body<ExplainPolicyRequest> body, CallContext call, ExplainPolicy explain, CancellationToken cancellationToken)
    {
        if (AdministratorUsers.Contains(body.Value.UserId))
        {
            return UserNotFound;
        }

        var (outcome, explanation) = await explain.RunAsync(call, body.Value, cancellationToken);
        return outcome switch
        {
            ExplainPolicyOutcome.Explained => TypedResults.Ok(explanation),
            ExplainPolicyOutcome.UserNotFound => UserNotFound,
            ExplainPolicyOutcome.ClientNotFound => ApiError.Payload("There is no such client", "client_id"),
        };
    }
}
