using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Sallyport.Server.Audit;
using Sallyport.Server.Http;
using Sallyport.Server.Http.Payloads;
using Sallyport.Server.Http.RateLimiting;
using Sallyport.Server.Settings;

namespace Sallyport.Server.Messages.Templates;

internal static class EmailTemplateEndpoints
{
    private static readonly string[] RequiredToCreate = ["template", "body", "from", "subject", "syntax", "enabled"];
    private static readonly string[] RequiredToReplace = ["template"];
    private static readonly ApiError NotFound = ApiError.NotFound("The template does not exist.", ErrorCodes.InexistentEmailTemplate);

    public static void MapEmailTemplates(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/email-templates").WithTags("Email templates");
        var writes = group.MapGroup("").RequireRateLimit(RateLimitKind.EmailTemplates);
        writes.MapPost("", CreateAsync).RequireScope(ManagementScopes.CreateEmailTemplates).WithName("CreateEmailTemplate").Produces<ApiErrorBody>(409);
        group.MapGet("/{name}", GetAsync).RequireScope(ManagementScopes.ReadEmailTemplates).WithName("GetEmailTemplate").Produces<ApiErrorBody>(404);
        writes.MapPut("/{name}", ReplaceAsync).RequireScope(ManagementScopes.UpdateEmailTemplates).WithName("PutEmailTemplate").Produces<ApiErrorBody>(404);
        writes.MapPatch("/{name}", PatchAsync).RequireScope(ManagementScopes.UpdateEmailTemplates).WithName("PatchEmailTemplate").Produces<ApiErrorBody>(404);
    }

    private static async Task<Results<JsonResult<EmailTemplate>, ApiError>> GetAsync(
        EmailTemplatePath path, CallContext call, SettingQueries settings, CancellationToken cancellationToken) =>
        Show(path.Kind, await settings.FindAsync(call.Tenant, path.Kind, cancellationToken));

    private static async Task<Results<JsonResult<EmailTemplate>, ApiError>> CreateAsync(
        Body<EmailTemplate> body, CallContext call, ChangeEmailTemplate change, CancellationToken cancellationToken)
    {
        if (FindMissing(body.Raw, RequiredToCreate) is { } missing)
        {
            return missing;
        }

        var name = body.Value.Template!;
        var kind = ChangeEmailTemplate.Kinds[name];
        var created = await change.CreateAsync(kind, body.Raw, call, cancellationToken);
        return created is null ? new ApiError(409, $"Template {name} already exists.", null) : Show(kind, created);
    }

    private static async Task<Results<JsonResult<EmailTemplate>, ApiError>> ReplaceAsync(
        Body<EmailTemplate> body, EmailTemplatePath path, CallContext call, ChangeEmailTemplate change, CancellationToken cancellationToken)
    {
        if ((FindMissing(body.Raw, RequiredToReplace) ?? path.FindFault(body.Value)) is { } fault)
        {
            return fault;
        }

        return Show(path.Kind, await change.ReplaceAsync(path.Kind, body.Raw, call, cancellationToken));
    }

    private static async Task<Results<JsonResult<EmailTemplate>, ApiError>> PatchAsync(
        Body<EmailTemplate> body, EmailTemplatePath path, CallContext call, ChangeEmailTemplate change, CancellationToken cancellationToken)
    {
        if (!body.Raw.EnumerateObject().Any())
        {
            return ApiError.Payload("Too few properties defined (0), minimum 1");
        }

        if (path.FindFault(body.Value) is { } fault)
        {
            return fault;
        }

        return Show(path.Kind, await change.PatchAsync(path.Kind, body.Raw, call, cancellationToken));
    }

    private static ApiError? FindMissing(JsonElement body, string[] required) =>
        required.FirstOrDefault(name => !body.TryGetProperty(name, out _)) is { } missing
            ? ApiError.Payload($"Missing required property: {missing}")
            : null;

    private static Results<JsonResult<EmailTemplate>, ApiError> Show(SettingKind kind, SettingValue? stored) =>
        stored is null ? NotFound : new JsonResult<EmailTemplate>(SettingValue.Show(kind, stored, withSecrets: false));
}

/// <summary>The kind of mail that a path names.</summary>
internal sealed record EmailTemplatePath(string Name, SettingKind Kind)
{
    /// <exception cref="ApiException">400 if there is no such kind.</exception>
    public static ValueTask<EmailTemplatePath> BindAsync(HttpContext context, ParameterInfo _) =>
        (string?)context.GetRouteValue("name") is { } name && ChangeEmailTemplate.Kinds.TryGetValue(name, out var kind)
            ? ValueTask.FromResult(new EmailTemplatePath(name, kind))
            : throw new ApiException(ApiError.Path($"No enum match, expected one of: {string.Join(", ", EmailTemplateNameAttribute.Names)}", "name"));

    public ApiError? FindFault(EmailTemplate template) =>
        template.Template is null || template.Template == Name ? null : ApiError.Payload("Value must be the name in the path", "template");
}
