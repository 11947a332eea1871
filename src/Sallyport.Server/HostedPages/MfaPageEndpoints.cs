using Sallyport.Server.Http.Payloads;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Sallyport.Server.Audit;
using Sallyport.Server.Configuration;
using Sallyport.Server.Http;
using Sallyport.Server.Storage;
using Sallyport.Server.Tenants;

namespace Sallyport.Server.HostedPages;

/// <summary>What an editor of the hosted page needs beside <c>PATCH /tenants/settings</c>. Addresses of our own.</summary>
internal static class MfaPageEndpoints
{
    private static readonly TenantId Tenant = TenantId.Default;

    private static readonly ApiError NotFound =
        ApiError.NotFound("There is no such version of the page.", ErrorCodes.InexistentMfaPageVersion);

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
        // It reads, and is posted only because a template is too long for an address.
        group.MapPost("/preview", PreviewAsync).RequireScope(ManagementScopes.ReadTenantSettings).WithName("PreviewMfaPage")
            .Produces<string>(200, "text/html").Produces<ApiErrorBody>(404);
    }

    private static Ok<DefaultPageResponse> GetDefault() => TypedResults.Ok(new DefaultPageResponse(DefaultPage.Source));

    private static async Task<Ok<IReadOnlyList<MfaPageVersion>>> ListAsync(Database database, CancellationToken cancellationToken) =>
        TypedResults.Ok<IReadOnlyList<MfaPageVersion>>(await database.ReadAsync(
            session => MfaPageVersionStore.ListAsync(session, Tenant, cancellationToken), cancellationToken));

    private static async Task<Results<Ok<MfaPageVersion>, ApiError>> GetAsync(
        string version, Database database, CancellationToken cancellationToken)
    {
        if (!TryRead(version, out var number))
        {
            return NotFound;
        }

        var found = await database.ReadAsync(
            session => MfaPageVersionStore.FindAsync(session, Tenant, number, cancellationToken), cancellationToken);
        return found is null ? NotFound : TypedResults.Ok(found);
    }

    private static async Task<Results<Ok<TenantSettings>, ApiError>> RestoreAsync(
        string version, HttpContext context, ResetMfaPage reset, CancellationToken cancellationToken)
    {
        var settings = TryRead(version, out var number)
            ? await reset.ToVersionAsync(number, ApiOperation.Succeeded(context, 200, userId: null), cancellationToken)
            : null;
        return settings is null ? NotFound : TypedResults.Ok(settings);
    }

    private static async Task<Results<Ok<TenantSettings>, ApiError>> ResetAsync(
        Body<ResetRequest> body, HttpContext context, ResetMfaPage reset, CancellationToken cancellationToken)
    {
        var entry = ApiOperation.Succeeded(context, 200, userId: null, body.Raw);
        var settings = body.Value.To == ResetRequest.Default
            ? await reset.ToDefaultAsync(entry, cancellationToken)
            : await reset.ToLastAsync(entry, cancellationToken);
        return settings is null ? NotFound : TypedResults.Ok(settings);
    }

    private static async Task<Results<ContentHttpResult, ApiError>> PreviewAsync(
        Body<PreviewRequest> body, HttpContext context, PreviewMfaPage preview, SallyportOptions options)
    {
        if (body.Value.UserId is not null && !((ICaller)context.User).Scopes.Contains(ManagementScopes.ReadUsers))
        {
            return ApiError.Forbidden(
                $"Insufficient scope, expected any of: {ManagementScopes.ReadUsers}", ErrorCodes.InsufficientScope);
        }

        var (outcome, page, error) = await preview.RunAsync(body.Value, context.RequestAborted);
        if (page is not null)
        {
            PageHeaders.Set(context.Response.Headers, new PagePolicy(page, options.PublicUrl).ForPreview());
        }

        return outcome switch
        {
            PreviewOutcome.Rendered => TypedResults.Text(page!.Page.Html, "text/html; charset=utf-8", Encoding.UTF8),
            PreviewOutcome.TemplateFailed => ApiError.Payload($"Template error at {error}", "html"),
            PreviewOutcome.UserNotFound => ApiError.NotFound("The user does not exist.", ErrorCodes.InexistentUser),
        };
    }

    private static bool TryRead(string version, out long number) =>
        long.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
