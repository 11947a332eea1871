using Sallyport.Server.Http.OpenApi;
using Sallyport.Server.Http.Payloads;
using System.Reflection;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.OpenApi;
using Sallyport.Server.Audit;
using Sallyport.Server.Factors.Settings;
using Sallyport.Server.Http;
using Sallyport.Server.Settings;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Factors;

internal static class FactorEndpoints
{
    private static readonly TenantId Tenant = TenantId.Default;

    public static void MapFactors(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/guardian/factors").WithTags("Factors");
        group.MapGet("", ListAsync).RequireScope(ManagementScopes.ReadFactors).WithName("ListFactors");
        group.MapPut("/{name}", SetAsync).RequireScope(ManagementScopes.UpdateFactors).WithName("SetFactor");
        api.MapFactorSettings();
    }

    private static async Task<Ok<IReadOnlyList<FactorResponse>>> ListAsync(
        WithSettings withSettings, Database database, SettingReader settingReader, CancellationToken cancellationToken)
    {
        var (enabled, codes) = await database.ReadAsync(
            async session => (
                await FactorStore.EnabledAsync(session, Tenant, cancellationToken),
                withSettings.Value ? await CodeLengths.FindAsync(session, Tenant, settingReader, cancellationToken) : CodeLengths.None),
            cancellationToken);
        return TypedResults.Ok<IReadOnlyList<FactorResponse>>(
            [.. FactorNames.All.Select(name => new FactorResponse(name, enabled.Contains(name), TrialExpired: false, codes.GetValueOrDefault(name)))]);
    }

    /// <summary>The published API answers a PUT with what was sent, not with what is stored.</summary>
    private static async Task<Results<Ok<FactorSwitch>, ApiError>> SetAsync(
        string name, Body<FactorSwitch> body, HttpContext context, SetFactor set, CancellationToken cancellationToken)
    {
        if (!FactorNames.All.Contains(name))
        {
            return ApiError.Path($"No enum match, expected one of: {string.Join(", ", FactorNames.All)}", "name");
        }

        await set.RunAsync(
            name, body.Value.Enabled, ApiOperation.Succeeded(context, 200, userId: null, body.Raw), cancellationToken);
        return TypedResults.Ok(body.Value);
    }
}

internal sealed class SetFactor(Database database, AuditLog audit)
{
    public ValueTask RunAsync(string name, bool enabled, AuditEntry entry, CancellationToken cancellationToken) =>
        database.WriteAsync(
            unit =>
            {
                unit.Enqueue(FactorStore.Set(TenantId.Default, name, enabled));
                audit.Add(unit, TenantId.Default, entry);
                return ValueTask.CompletedTask;
            },
            cancellationToken);
}

public sealed record FactorResponse(
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
