using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;

namespace Sallyport.Server.Http;

/// <summary>Says which scopes were missing, with the prefix that deploy tools split on.</summary>
internal sealed class ScopeRefusal : IAuthorizationMiddlewareResultHandler
{
    private readonly AuthorizationMiddlewareResultHandler standard = new();

    public Task HandleAsync(
        RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
    {
        if (!authorizeResult.Forbidden)
        {
            return standard.HandleAsync(next, context, policy, authorizeResult);
        }

        var scopes = policy.Requirements.OfType<AnyScope>().SelectMany(requirement => requirement.Scopes);
        return ApiError.InsufficientScope([.. scopes]).ExecuteAsync(context);
    }
}
