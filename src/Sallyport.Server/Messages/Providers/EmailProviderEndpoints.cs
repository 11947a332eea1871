using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Sallyport.Server.Audit;
using Sallyport.Server.Http;
using Sallyport.Server.Http.Paging;
using Sallyport.Server.Http.Payloads;
using Sallyport.Server.Http.RateLimiting;
using Sallyport.Server.Settings;

namespace Sallyport.Server.Messages.Providers;

internal static class EmailProviderEndpoints
{
    /// <summary>The published API shows only these unless the request names fields.</summary>
    private static readonly FieldSelection DefaultFields = new(new HashSet<string>(StringComparer.Ordinal) { "name", "enabled" }, Include: true);

    private static readonly ApiError NotFound = ApiError.NotFound("There is not a configured email provider", ErrorCodes.InexistentEmailProvider);
    private static readonly ApiError NotSupported =
        ApiError.NotFound("This version cannot send through the configured email provider", ErrorCodes.InexistentEmailProvider);
    private static readonly ApiError Exists = new(409, "There is already a configured email provider", null);

    public static void MapEmailProvider(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/emails/provider").WithTags("Email provider");
        group.MapGet("", GetAsync).RequireScope(ManagementScopes.ReadEmailProvider).WithName("GetEmailProvider").Produces<ApiErrorBody>(404);
        group.MapPost("", CreateAsync).RequireScope(ManagementScopes.CreateEmailProvider).WithName("CreateEmailProvider").Produces<ApiErrorBody>(409);
        group.MapPatch("", PatchAsync).RequireScope(ManagementScopes.UpdateEmailProvider).WithName("PatchEmailProvider").Produces<ApiErrorBody>(404);
        group.MapDelete("", DeleteAsync).RequireScope(ManagementScopes.DeleteEmailProvider).WithName("DeleteEmailProvider");
        // The narrower limit of those that templates have: each call sends a mail.
        group.MapPost("/test", TestAsync).RequireScope(ManagementScopes.UpdateEmailProvider).RequireRateLimit(RateLimitKind.EmailTemplates)
            .WithName("TestEmailProvider").Produces<ApiErrorBody>(404);
    }

    private static async Task<Results<Projection<EmailProvider>, ApiError>> GetAsync(
        FieldSelection fields, CallContext call, SettingQueries settings, CancellationToken cancellationToken)
    {
        var stored = await settings.FindAsync(call.Tenant, ChangeEmailProvider.Kind, cancellationToken);
        return stored is null ? NotFound : Projection.Of(Read(stored), fields.Names is null ? DefaultFields : fields);
    }

    private static async Task<Results<Created<EmailProvider>, ApiError>> CreateAsync(
        Body<EmailProvider> body, CallContext call, ChangeEmailProvider change, CancellationToken cancellationToken)
    {
        var result = await change.CreateAsync(body.Raw, call, cancellationToken);
        return result.Outcome == ChangeEmailProviderOutcome.Changed ? TypedResults.Created((string?)null, Read(result.Provider!)) : Refusal(result);
    }

    private static async Task<Results<Ok<EmailProvider>, ApiError>> PatchAsync(
        Body<EmailProvider> body, CallContext call, ChangeEmailProvider change, CancellationToken cancellationToken)
    {
        if (!body.Raw.EnumerateObject().Any())
        {
            return ApiError.Payload("Too few properties defined (0), minimum 1");
        }

        var result = await change.PatchAsync(body.Raw, call, cancellationToken);
        return result.Outcome == ChangeEmailProviderOutcome.Changed ? TypedResults.Ok(Read(result.Provider!)) : Refusal(result);
    }

    private static async Task<NoContent> DeleteAsync(CallContext call, ChangeEmailProvider change, CancellationToken cancellationToken)
    {
        await change.DeleteAsync(call, cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<Results<Ok<ProviderTestResponse>, ApiError>> TestAsync(
        Body<EmailTestRequest> body, CallContext call, TestEmailProvider test, CancellationToken cancellationToken)
    {
        var result = await test.RunAsync(call, body.Value.To, cancellationToken);
        return ProviderTestResponse.Of(result) is { } response ? TypedResults.Ok(response)
            : result.Outcome == TestDeliveryOutcome.NotSupported ? NotSupported
            : NotFound;
    }

    private static ApiError Refusal(ChangeEmailProviderResult result) => result.Outcome switch
    {
        ChangeEmailProviderOutcome.Exists => Exists,
        ChangeEmailProviderOutcome.NotFound => NotFound,
        ChangeEmailProviderOutcome.Invalid => ApiError.Payload(result.Fault!),
        ChangeEmailProviderOutcome.Changed => throw new InvalidOperationException("A change is not a refusal."),
    };

    private static EmailProvider Read(SettingValue stored) => stored.Json.Deserialize(MessageJson.Default.EmailProvider)!;
}

/// <summary>Where to send the test mail. Not in the published API.</summary>
public sealed record EmailTestRequest
{
    [JsonPropertyName("to"), JsonRequired, MailAddress]
    public string To { get; init; } = "";
}
