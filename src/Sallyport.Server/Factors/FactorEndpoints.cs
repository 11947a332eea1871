using System.Reflection;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.OpenApi;
using Sallyport.Server.Audit;
using Sallyport.Server.Factors.Settings;
using Sallyport.Server.Factors.Sms.Guard;
using Sallyport.Server.Factors.Sms.Providers;
using Sallyport.Server.Http;
using Sallyport.Server.Http.OpenApi;
using Sallyport.Server.Http.Payloads;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Factors;

internal static class FactorEndpoints
{
    public static void MapFactors(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/guardian/factors").WithTags("Factors");
        group.MapGet("", ListAsync).RequireScope(ManagementScopes.ReadFactors).WithName("ListFactors");
        group.MapPut("/{name}", SetAsync).RequireScope(ManagementScopes.UpdateFactors).WithName("SetFactor");
        api.MapFactorSettings();
        api.MapPhoneProviders();
        api.MapPhoneGuard();
    }

    private static async Task<Ok<IReadOnlyList<FactorListItem>>> ListAsync(
        WithSettings withSettings, CallContext call, FactorQueries queries, FactorCatalog catalog, CancellationToken cancellationToken)
    {
        var (enabled, codes) = await queries.ListAsync(call.Tenant, withSettings.Value, cancellationToken);
        return TypedResults.Ok<IReadOnlyList<FactorListItem>>(
            [.. catalog.Switchable.Select(name => new FactorListItem(name, enabled.Contains(name), TrialExpired: false, codes.GetValueOrDefault(name)))]);
    }

    /// <summary>The published API answers a PUT with what was sent, not with what is stored.</summary>
    private static async Task<Results<Ok<FactorSwitch>, ApiError>> SetAsync(
        string name, Body<FactorSwitch> body, CallContext call, SetFactor set, CancellationToken cancellationToken)
    {
        if (!await set.TryRunAsync(call, name, body.Value.Enabled, cancellationToken))
        {
            return ApiError.Path($"No enum match, expected one of: {string.Join(", ", set.Names)}", "name");
        }

        return TypedResults.Ok(body.Value);
    }
}

/// <summary>Switches a factor on or off. Authenticators of a factor that is switched off are kept and not offered.</summary>
internal sealed class SetFactor(Database database, FactorCatalog catalog, AuditLog audit)
{
    public IReadOnlyList<string> Names => catalog.Switchable;

    /// <returns>False if there is no such factor.</returns>
    public async ValueTask<bool> TryRunAsync(CallContext call, string name, bool enabled, CancellationToken cancellationToken)
    {
        if (!Names.Contains(name))
        {
            return false;
        }

        await database.WriteAsync(
            unit =>
            {
                unit.Enqueue(FactorStore.Set(call.Tenant, name, enabled));
                audit.Add(unit, call.Tenant, ApiOperation.Succeeded(call, userId: null));
                return ValueTask.CompletedTask;
            },
            cancellationToken);
        return true;
    }
}

public sealed record FactorListItem(
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("enabled")] bool Enabled,
    [property: JsonPropertyName("trial_expired")] bool TrialExpired,
    [property: JsonPropertyName("settings")] CodeSettings? Settings);

/// <summary>The query parameter <c>include_settings</c>.</summary>
internal readonly record struct WithSettings(bool Value) : IEndpointParameterMetadataProvider
{
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new QueryParameter("include_settings", JsonSchemaType.Boolean));

    public static ValueTask<WithSettings> BindAsync(HttpContext context, ParameterInfo _) =>
        ValueTask.FromResult(new WithSettings(QueryValues.Bool(context.Request.Query, "include_settings", fallback: false)));
}

public sealed record FactorSwitch
{
    [JsonPropertyName("enabled"), JsonRequired]
    public bool Enabled { get; init; }
}
