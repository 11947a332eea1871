using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Sallyport.Server.Audit;
using Sallyport.Server.Http;
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
    }

    private static async Task<Ok<IReadOnlyList<FactorResponse>>> ListAsync(Database database, CancellationToken cancellationToken)
    {
        var enabled = await database.ReadAsync(
            session => FactorStore.EnabledAsync(session, Tenant, cancellationToken), cancellationToken);
        return TypedResults.Ok<IReadOnlyList<FactorResponse>>(
            [.. FactorNames.All.Select(name => new FactorResponse(name, enabled.Contains(name), TrialExpired: false))]);
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
    [property: JsonPropertyName("trial_expired")] bool TrialExpired);

public sealed record FactorSwitch
{
    [JsonPropertyName("enabled"), JsonRequired]
    public bool Enabled { get; init; }
}
