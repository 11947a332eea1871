using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Sallyport.Server.Http.Payloads;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Audit;

/// <summary>How an operation was called. The log repeats it in lower case.</summary>
internal enum CallChannel
{
    Api,
    CommandLine,
    Worker,
    Dashboard,
}

/// <summary>The administrator who calls an operation.</summary>
internal sealed record CallActor(string UserId, string Email);

/// <summary>
/// The caller of an operation, its tenant and its channel. It is created where a request, a command or a worker enters the product;
/// operations take it and never see how they were reached.
/// </summary>
internal sealed record CallContext(TenantId Tenant, CallChannel Channel, AuditSource Source)
{
    /// <summary>The request that the log repeats; null if the operation was not called through the Management API.</summary>
    public ApiRequest? Request { get; init; }

    /// <summary>Null if no administrator calls it.</summary>
    public CallActor? Actor { get; init; }

    /// <summary>The context of work without a request: the command line and background workers.</summary>
    public static CallContext Internal(CallChannel channel) =>
        new(ServedTenant, channel, new AuditSource(ClientId: null, Address: null, UserAgent: null));

    /// <summary>The tenant that this installation serves. Everything below gets the tenant from its caller.</summary>
    public static TenantId ServedTenant => TenantId.Default;

    public static CallContext Of(HttpContext context) =>
        new(ServedTenant, CallChannel.Api, AuditSource.Of(context)) { Request = ApiRequest.Of(context) };

    /// <summary>The context of a request to the dashboard.</summary>
    /// <param name="actor">Null before the sign-in.</param>
    public static CallContext OfDashboard(HttpContext context, CallActor? actor) =>
        new(ServedTenant, CallChannel.Dashboard, AuditSource.Of(context)) { Request = ApiRequest.OfForm(context), Actor = actor };

    public static ValueTask<CallContext> BindAsync(HttpContext context, ParameterInfo _) => ValueTask.FromResult(Of(context));
}

/// <summary>The parts of a request to the Management API, or of a form of the dashboard, that the log shows.</summary>
/// <param name="SuccessStatus">The status of a success, as the endpoint declares it.</param>
/// <param name="ReadBody">The body without secrets, once it was read; null if there is none.</param>
internal sealed record ApiRequest(
    string Method, string? Path, IReadOnlyList<KeyValuePair<string, string>> Query, int SuccessStatus, Func<JsonElement?> ReadBody)
{
    public static ApiRequest Of(HttpContext context) => new(
        context.Request.Method,
        context.Request.Path.Value,
        [.. context.Request.Query.Select(pair => KeyValuePair.Create(pair.Key, pair.Value.ToString()))],
        SuccessStatusOf(context.GetEndpoint()),
        () => context.Features.Get<LoggableBody>()?.Value);

    /// <summary>Without the fields of the form, because the entry names the user and the operation.</summary>
    public static ApiRequest OfForm(HttpContext context) =>
        new(context.Request.Method, context.Request.Path.Value, [], StatusCodes.Status200OK, () => null);

    private static int SuccessStatusOf(Endpoint? endpoint) =>
        endpoint?.Metadata.OfType<IProducesResponseTypeMetadata>()
            .Select(produced => produced.StatusCode)
            .Where(status => status is >= 200 and < 300)
            .DefaultIfEmpty(StatusCodes.Status200OK)
            .Min() ?? StatusCodes.Status200OK;
}
