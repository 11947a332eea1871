using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;

namespace Sallyport.Server.Http;

/// <summary>The client that calls the Management API, known from its access token.</summary>
internal interface ICaller
{
    const string AuthenticationScheme = "Bearer";

    string ClientId { get; }

    IReadOnlySet<string> Scopes { get; }
}

/// <summary>The token must have at least one of these scopes.</summary>
internal sealed class AnyScope(params string[] scopes)
    : AuthorizationHandler<AnyScope>, IAuthorizationRequirement
{
    public IReadOnlyList<string> Scopes { get; } = scopes;

    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, AnyScope requirement)
    {
        if (context.User is ICaller caller && requirement.Scopes.Any(caller.Scopes.Contains))
        {
            context.Succeed(requirement);
        }

        return Task.CompletedTask;
    }
}

internal static class ScopeExtensions
{
    /// <summary>Any one of the scopes is enough.</summary>
    public static TBuilder RequireScope<TBuilder>(this TBuilder builder, params string[] scopes)
        where TBuilder : IEndpointConventionBuilder =>
        builder
            .RequireAuthorization(policy => policy
                .AddAuthenticationSchemes(ICaller.AuthenticationScheme)
                .RequireAuthenticatedUser()
                .AddRequirements(new AnyScope(scopes)))
            .WithMetadata(new RequiredScopes(scopes));
}

internal sealed record RequiredScopes(IReadOnlyList<string> Any);

/// <summary>Answers 403 with the missing scopes, in the wording that deploy tools parse.</summary>
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
        return ApiError.MissingScope([.. scopes]).ExecuteAsync(context);
    }
}
