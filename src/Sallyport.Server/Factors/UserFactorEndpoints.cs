using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Sallyport.Server.Audit;
using Sallyport.Server.Http;
using Sallyport.Server.Users;

namespace Sallyport.Server.Factors;

/// <summary>Actions of an administrator for a user who has lost a device, a recovery code or a browser.</summary>
internal static class UserFactorEndpoints
{
    private static readonly ApiError NotFound = ApiError.NotFound("The user does not exist.", ErrorCodes.InexistentUser);

    /// <summary>The path's <c>provider</c> predates the factor names: an authenticator app, or Duo.</summary>
    private static readonly Dictionary<string, string> Providers = new(StringComparer.Ordinal)
    {
        ["duo"] = FactorNames.Duo,
        ["google-authenticator"] = FactorNames.Otp,
    };

    public static void MapUserFactors(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/users/{id}").WithTags("User factors");
        group.MapDelete("/authenticators", DeleteAllAsync).RequireScope(ManagementScopes.DeleteEnrollments).WithName("DeleteAuthenticators")
            .Produces<ApiErrorBody>(404);
        group.MapDelete("/multifactor/{provider}", DeleteProviderAsync).RequireScope(ManagementScopes.UpdateUsers)
            .WithName("DeleteMultifactorProvider").Produces<ApiErrorBody>(404);
        group.MapPost("/recovery-code-regeneration", RegenerateAsync).RequireScope(ManagementScopes.UpdateUsers)
            .WithName("RegenerateRecoveryCode").Produces<ApiErrorBody>(404);
        group.MapPost("/multifactor/actions/invalidate-remember-browser", ForgetBrowsersAsync).RequireScope(ManagementScopes.UpdateUsers)
            .WithName("InvalidateRememberBrowser").Produces<ApiErrorBody>(404);
        group.MapPost("/multifactor/actions/resume-push-notifications", ResumePushAsync).RequireScope(ManagementScopes.UpdateUsers)
            .WithName("ResumePushNotifications").Produces<ApiErrorBody>(404);
    }

    private static async Task<Results<NoContent, ApiError>> DeleteAllAsync(
        UserIdPath userId, CallContext call, RemoveAuthenticators remove, FactorCatalog catalog, CancellationToken cancellationToken) =>
        Answer(await remove.RunAsync(call, Removal.Reset(userId.Value, catalog), cancellationToken));

    private static async Task<Results<NoContent, ApiError>> DeleteProviderAsync(
        UserIdPath userId, string provider, CallContext call, RemoveAuthenticators remove, CancellationToken cancellationToken)
    {
        if (!Providers.TryGetValue(provider, out var factor))
        {
            return ApiError.Path($"No enum match, expected one of: {string.Join(", ", Providers.Keys)}", "provider");
        }

        var removal = new Removal(userId.Value, authenticator => authenticator.Factor == factor);
        return Answer(await remove.RunAsync(call, removal, cancellationToken));
    }

    private static async Task<Results<Ok<RecoveryCodeResponse>, ApiError>> RegenerateAsync(
        UserIdPath userId, CallContext call, RegenerateRecoveryCode regenerate, CancellationToken cancellationToken)
    {
        var code = await regenerate.RunAsync(call, userId.Value, isByUser: false, cancellationToken);
        return code is null ? NotFound : TypedResults.Ok(new RecoveryCodeResponse(code));
    }

    private static async Task<Results<NoContent, ApiError>> ResumePushAsync(
        UserIdPath userId, CallContext call, ResumeChallenges resume, CancellationToken cancellationToken) =>
        await resume.RunAsync(call, userId.Value, cancellationToken) ? TypedResults.NoContent() : NotFound;

    private static async Task<Results<NoContent, ApiError>> ForgetBrowsersAsync(
        UserIdPath userId, CallContext call, ForgetBrowsers forget, CancellationToken cancellationToken) =>
        await forget.RunAsync(call, userId.Value, cancellationToken) ? TypedResults.NoContent() : NotFound;

    private static Results<NoContent, ApiError> Answer(RemoveOutcome outcome) => outcome switch
    {
        RemoveOutcome.Removed or RemoveOutcome.NothingToRemove => TypedResults.NoContent(),
        RemoveOutcome.UserNotFound => NotFound,
    };
}

public sealed record RecoveryCodeResponse([property: JsonPropertyName("recovery_code")] string RecoveryCode)
{
    public override string ToString() => "***";
}
