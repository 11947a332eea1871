using Microsoft.AspNetCore.Http.HttpResults;
using Sallyport.Server.Audit;
using Sallyport.Server.Http;
using Sallyport.Server.Http.Paging;
using Sallyport.Server.Http.Payloads;

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
        FieldSelection fields, CallContext call, TenantQueries tenants, CancellationToken cancellationToken) =>
        Projection.Of(await tenants.GetSettingsAsync(call.Tenant, cancellationToken), fields);

    private static async Task<Results<Ok<TenantSettings>, ApiError>> PatchAsync(
        Body<TenantSettingsPatch> body, CallContext call, PatchTenantSettings patch, CancellationToken cancellationToken)
    {
        var (settings, error) = await patch.RunAsync(body.Value, body.Raw, call, cancellationToken);
        return settings is not null ? TypedResults.Ok(settings) : ApiError.Payload($"Template error at {error}", "guardian_mfa_page.html");
    }
}
