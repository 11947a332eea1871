using Sallyport.Server.Http;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Audit;

/// <summary>
/// Logs writes through the Management API that were refused to an authenticated client. Requests over the rate limit are not logged,
/// because that limit protects the database.
/// </summary>
internal sealed class FailedOperations(RequestDelegate next, Database database, AuditLog audit)
{
    public async Task InvokeAsync(HttpContext context)
    {
        await next(context);
        if (context.User is ICaller
            && context.Response.StatusCode is >= 400 and < 500 and not StatusCodes.Status429TooManyRequests
            && !HttpMethods.IsGet(context.Request.Method))
        {
            var call = CallContext.Of(context);
            var error = context.Features.Get<ApiErrorBody>();
            var entry = ApiOperation.Refused(call, context.Response.StatusCode, error);
            await database.WriteAsync(
                unit =>
                {
                    audit.AddRefusal(unit, call.Tenant, entry, Cause(context, error));
                    return ValueTask.CompletedTask;
                },
                CancellationToken.None);
        }
    }

    /// <summary>The route without its values: a caller who tries many ids repeats one refusal.</summary>
    private static string Cause(HttpContext context, ApiErrorBody? error)
    {
        var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText;
        return $"{context.Request.Method} {route} {context.Response.StatusCode} {error?.ErrorCode}";
    }
}
