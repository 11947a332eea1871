using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Sallyport.Server.Audit;
using Sallyport.Server.Http;
using Sallyport.Server.Http.Payloads;
using Sallyport.Server.Tenants;

namespace Sallyport.Server.HostedPages;

/// <summary>Endpoints of our own for authors of the hosted page, which <c>PATCH /tenants/settings</c> saves.</summary>
internal static class MfaPageEndpoints
{
    private static readonly ApiError NotFound =
        ApiError.NotFound("There is no such version of the page.", ErrorCodes.InexistentMfaPageVersion);

    private static readonly ApiError NoEarlierText =
        ApiError.NotFound("There is no earlier text of the page: only one text was ever saved.", ErrorCodes.InexistentMfaPageVersion);

    public static void MapMfaPage(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/guardian/mfa-page").WithTags("Hosted page");
        group.MapGet("/default", GetDefault).RequireScope(ManagementScopes.ReadTenantSettings).WithName("GetDefaultMfaPage");
        group.MapGet("/versions", ListAsync).RequireScope(ManagementScopes.ReadTenantSettings).WithName("ListMfaPageVersions");
        group.MapGet("/versions/{version}", GetAsync).RequireScope(ManagementScopes.ReadTenantSettings).WithName("GetMfaPageVersion")
            .Produces<ApiErrorBody>(404);
        group.MapPost("/versions/{version}/restore", RestoreAsync)
            .RequireScope(ManagementScopes.UpdateTenantSettings).WithName("RestoreMfaPageVersion").Produces<ApiErrorBody>(404);
        group.MapPost("/reset", ResetAsync).RequireScope(ManagementScopes.UpdateTenantSettings).WithName("ResetMfaPage")
            .Produces<ApiErrorBody>(404);
        // The scope to read is enough, because a preview changes nothing that others see.
        group.MapPost("/preview", PreviewAsync).RequireScope(ManagementScopes.ReadTenantSettings).WithName("PreviewMfaPage")
            .Produces<ApiErrorBody>(404);
    }

    private static Ok<DefaultPageResponse> GetDefault() => TypedResults.Ok(new DefaultPageResponse(DefaultPage.Source));

    private static async Task<Ok<IReadOnlyList<MfaPageVersion>>> ListAsync(
        CallContext call, MfaPageQueries pages, CancellationToken cancellationToken) =>
        TypedResults.Ok(await pages.ListVersionsAsync(call.Tenant, cancellationToken));

    private static async Task<Results<Ok<MfaPageVersion>, ApiError>> GetAsync(
        string version, CallContext call, MfaPageQueries pages, CancellationToken cancellationToken) =>
        TryRead(version, out var number) && await pages.FindVersionAsync(call.Tenant, number, cancellationToken) is { } found
            ? TypedResults.Ok(found)
            : NotFound;

    private static async Task<Results<Ok<TenantSettings>, ApiError>> RestoreAsync(
        string version, CallContext call, ChangeMfaPage change, CancellationToken cancellationToken)
    {
        var result = TryRead(version, out var number)
            ? await change.ToVersionAsync(number, seenTag: null, call, cancellationToken)
            : null;
        return result?.Settings is { } settings ? TypedResults.Ok(settings) : NotFound;
    }

    private static async Task<Results<Ok<TenantSettings>, ApiError>> ResetAsync(
        Body<ResetRequest> body, CallContext call, ChangeMfaPage change, CancellationToken cancellationToken)
    {
        var result = body.Value.To == ResetRequest.Default
            ? await change.ToDefaultAsync(seenTag: null, call, cancellationToken)
            : await change.ToLastAsync(seenTag: null, call, cancellationToken);
        return result.Settings is { } settings ? TypedResults.Ok(settings) : NoEarlierText;
    }

    private static async Task<Results<Ok<PreviewResponse>, ApiError>> PreviewAsync(
        Body<PreviewRequest> body, CallContext call, HttpContext context, PreviewMfaPage preview, CancellationToken cancellationToken)
    {
        if (body.Value.UserId is not null && !((ICaller)context.User).Scopes.Contains(ManagementScopes.ReadUsers))
        {
            return ApiError.Forbidden(
                $"Insufficient scope, expected any of: {ManagementScopes.ReadUsers}", ErrorCodes.InsufficientScope);
        }

        var result = await preview.RunAsync(body.Value, call, cancellationToken);
        return result.Outcome switch
        {
            PreviewOutcome.Rendered => TypedResults.Ok(result.Preview),
            PreviewOutcome.TemplateFailed => ApiError.Payload($"Template error at {result.Error}", "html"),
            PreviewOutcome.UserNotFound => ApiError.NotFound("The user does not exist.", ErrorCodes.InexistentUser),
        };
    }

    private static bool TryRead(string version, out long number) =>
        long.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
