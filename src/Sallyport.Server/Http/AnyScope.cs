using Microsoft.AspNetCore.Authorization;

namespace Sallyport.Server.Http;

/// <summary>The token carries at least one of these scopes.</summary>
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
