using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Sallyport.Server.Audit;
using Sallyport.Server.Configuration;
using Sallyport.Server.Http;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Factors.Sms.Guard;

internal static class PhoneGuardServices
{
    public static void AddPhoneGuard(this IServiceCollection services, Retention retention)
    {
        services.AddSingleton<PhoneGuard>();
        services.AddSingleton<PhoneHalts>();
        services.AddSingleton<PhoneGuardQueries>();
        services.AddSingleton<PhoneWatch>();
        services.AddHostedService(provider => provider.GetRequiredService<PhoneWatch>());
        services.AddSingleton(new RetentionRule("phone_usage", "destination || '/' || hour_at", "hour_at < @before", retention.Transactions));
    }
}

/// <summary>Shows the figures of the guard, and resumes halted destinations. The published API has no such operations.</summary>
internal static class PhoneGuardEndpoints
{
    public static void MapPhoneGuard(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/guardian/factors/phone").WithTags("Factors");
        group.MapGet("/destinations", ListAsync).RequireScope(ManagementScopes.ReadFactors).WithName("ListPhoneDestinations");
        group.MapDelete("/halts/{destination}", ResumeAsync).RequireScope(ManagementScopes.UpdateFactors).WithName("ResumePhoneDestination");
    }

    private static async Task<Ok<PhoneDestinationsResponse>> ListAsync(CallContext call, PhoneGuardQueries queries, CancellationToken cancellationToken) =>
        TypedResults.Ok(await queries.ListAsync(call.Tenant, cancellationToken));

    private static async Task<Results<NoContent, ApiError>> ResumeAsync(
        string destination, CallContext call, PhoneHalts halts, CancellationToken cancellationToken)
    {
        if (!PhoneDestination.IsName(destination))
        {
            return ApiError.Path("Must be a country such as LV, or a prefix such as LV-371221", "destination");
        }

        await halts.ResumeAsync(call, destination, cancellationToken);
        return TypedResults.NoContent();
    }
}

internal sealed class PhoneGuardQueries(Database database, TimeProvider clock)
{
    /// <returns>All destinations of the last day, and those that are halted.</returns>
    public ValueTask<PhoneDestinationsResponse> ListAsync(TenantId tenant, CancellationToken cancellationToken) =>
        database.ReadAsync(
            async session =>
            {
                var now = clock.GetUtcNow();
                var hour = await PhoneUsageStore.ListHourAsync(session, tenant, now, cancellationToken);
                var halted = await PhoneUsageStore.ListHaltedAsync(session, tenant, cancellationToken);
                var usage = (await PhoneUsageStore.ListUsageAsync(session, tenant, now, cancellationToken))
                    .ToDictionary(known => known.Destination, StringComparer.Ordinal);
                var inHour = hour.Keys.Where(name => name.Length > 0).SelectMany(prefix => new[] { prefix, prefix[..2] });
                var names = usage.Keys.Union(halted.Keys).Union(inHour).Order(StringComparer.Ordinal);
                return new PhoneDestinationsResponse(hour.GetValueOrDefault(""), [.. names.Select(name => Describe(name, usage, hour, halted))]);
            },
            cancellationToken);

    private static PhoneDestinationResponse Describe(
        string name, Dictionary<string, DestinationUsage> usage, Dictionary<string, long> hour, Dictionary<string, DestinationFigures> halted)
    {
        var counts = usage.GetValueOrDefault(name) ?? new DestinationUsage(name, 0, 0);
        var inHour = name.Contains('-', StringComparison.Ordinal)
            ? hour.GetValueOrDefault(name)
            : hour.Where(known => known.Key.StartsWith(name + "-", StringComparison.Ordinal)).Sum(known => known.Value);
        return new PhoneDestinationResponse(name, counts.Sent, counts.Entered, inHour, halted.GetValueOrDefault(name)?.HaltedAt);
    }
}

/// <param name="SentThisHour">All text messages and calls since the hour began.</param>
public sealed record PhoneDestinationsResponse(
    [property: JsonPropertyName("sent_this_hour")] long SentThisHour,
    [property: JsonPropertyName("destinations")] IReadOnlyList<PhoneDestinationResponse> Destinations);

/// <param name="Destination">A country such as <c>LV</c>, or a prefix such as <c>LV-371221</c>.</param>
/// <param name="Sent">
/// The sign-ins and enrollments of the last 24 hours whose codes the provider has accepted, except codes that can still be entered.
/// </param>
/// <param name="Entered">In how many of them a code was entered.</param>
/// <param name="HaltedAt">Left out unless the destination is halted.</param>
public sealed record PhoneDestinationResponse(
    [property: JsonPropertyName("destination")] string Destination,
    [property: JsonPropertyName("sent")] long Sent,
    [property: JsonPropertyName("entered")] long Entered,
    [property: JsonPropertyName("sent_this_hour")] long SentThisHour,
    [property: JsonPropertyName("halted_at")] DateTimeOffset? HaltedAt);
