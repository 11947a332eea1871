using Sallyport.Server.Http.Paging;
using Sallyport.Server.Http.Payloads;
using Microsoft.AspNetCore.Http.HttpResults;
using Sallyport.Server.Audit;
using Sallyport.Server.Http;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Tenants;

internal static class TenantSettingsEndpoints
{
    public static void MapTenantSettings(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/tenants/settings").WithTags("Tenant settings");
        group.MapGet("", GetAsync).RequireScope(ManagementScopes.ReadTenantSettings).WithName("GetTenantSettings");
        group.MapPatch("", PatchAsync).RequireScope(ManagementScopes.UpdateTenantSettings).WithName("PatchTenantSettings");
        api.MapPrompts();
    }

    private static async Task<Results<Projection<TenantSettings>, ApiError>> GetAsync(
        FieldSelection fields, Database database, CancellationToken cancellationToken)
    {
        var settings = await database.ReadAsync(
            session => TenantStore.GetSettingsAsync(session, TenantId.Default, cancellationToken), cancellationToken);
        return Projection.Of(settings with { SandboxVersionsAvailable = [TenantDefaults.SandboxVersion] }, fields);
    }

    private static async Task<Results<Ok<TenantSettings>, ApiError>> PatchAsync(
        Body<TenantSettingsPatch> body, HttpContext context, PatchTenantSettings patch, CancellationToken cancellationToken)
    {
        if (!body.Raw.EnumerateObject().Any())
        {
            return ApiError.Payload("Too few properties defined (0), minimum 1");
        }

        if (body.Value.GuardianMfaPage?.Html is { } html && !MfaPageTemplate.TryParse(html, out _, out var error))
        {
            return ApiError.Payload($"Template error at {error}", "guardian_mfa_page.html");
        }

        return TypedResults.Ok(
            await patch.RunAsync(body.Raw, ApiOperation.Succeeded(context, 200, userId: null, body.Raw), cancellationToken));
    }
}
