using Sallyport.Server.Http.Paging;
using Sallyport.Server.Http.Payloads;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Sallyport.Server.Audit;
using Sallyport.Server.Http;
using Sallyport.Server.Settings;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Messages.Providers;

internal static class EmailProviderEndpoints
{
    /// <summary>What the published API shows of a provider when no fields are named.</summary>
    private static readonly FieldSelection NameAndSwitch = new(new HashSet<string>(StringComparer.Ordinal) { "name", "enabled" }, Include: true);

    private static readonly ApiError NotFound = ApiError.NotFound("There is not a configured email provider", ErrorCodes.InexistentEmailProvider);
    private static readonly ApiError Exists = new(409, "There is already a configured email provider", null);

    public static void MapEmailProvider(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/emails/provider").WithTags("E-mail provider");
        group.MapGet("", GetAsync).RequireScope(ManagementScopes.ReadEmailProvider).WithName("GetEmailProvider").Produces<ApiErrorBody>(404);
        group.MapPost("", CreateAsync).RequireScope(ManagementScopes.CreateEmailProvider).WithName("CreateEmailProvider").Produces<ApiErrorBody>(409);
        group.MapPatch("", PatchAsync).RequireScope(ManagementScopes.UpdateEmailProvider).WithName("PatchEmailProvider").Produces<ApiErrorBody>(404);
        group.MapDelete("", DeleteAsync).RequireScope(ManagementScopes.DeleteEmailProvider).WithName("DeleteEmailProvider");
    }

    private static async Task<Results<Projection<EmailProvider>, ApiError>> GetAsync(
        FieldSelection fields, Database database, SettingReader settingReader, CancellationToken cancellationToken)
    {
        var stored = await database.ReadAsync(
            session => settingReader.FindAsync(session, TenantId.Default, ChangeEmailProvider.Kind, cancellationToken), cancellationToken);
        return stored is null ? NotFound : Projection.Of(Read(stored), fields.Names is null ? NameAndSwitch : fields);
    }

    private static async Task<Results<Created<EmailProvider>, ApiError>> CreateAsync(
        Body<EmailProvider> body, HttpContext context, ChangeEmailProvider change, CancellationToken cancellationToken)
    {
        var result = await change.CreateAsync(body.Raw, ApiOperation.Succeeded(context, 201, userId: null, body.Loggable), cancellationToken);
        return result.Outcome == ChangeEmailProviderOutcome.Changed ? TypedResults.Created((string?)null, Read(result.Provider!)) : Refusal(result);
    }

    private static async Task<Results<Ok<EmailProvider>, ApiError>> PatchAsync(
        Body<EmailProvider> body, HttpContext context, ChangeEmailProvider change, CancellationToken cancellationToken)
    {
        if (!body.Raw.EnumerateObject().Any())
        {
            return ApiError.Payload("Too few properties defined (0), minimum 1");
        }

        var result = await change.PatchAsync(body.Raw, ApiOperation.Succeeded(context, 200, userId: null, body.Loggable), cancellationToken);
        return result.Outcome == ChangeEmailProviderOutcome.Changed ? TypedResults.Ok(Read(result.Provider!)) : Refusal(result);
    }

    private static async Task<NoContent> DeleteAsync(HttpContext context, ChangeEmailProvider change, CancellationToken cancellationToken)
    {
        await change.DeleteAsync(ApiOperation.Succeeded(context, 204, userId: null), cancellationToken);
        return TypedResults.NoContent();
    }

    private static ApiError Refusal(ChangeEmailProviderResult result) => result.Outcome switch
    {
        ChangeEmailProviderOutcome.Exists => Exists,
        ChangeEmailProviderOutcome.NotFound => NotFound,
        ChangeEmailProviderOutcome.Refused or ChangeEmailProviderOutcome.Changed => result.Fault!,
    };

    private static EmailProvider Read(SettingValue stored) => stored.Shown.Deserialize(MessageJson.Default.EmailProvider)!;
}
