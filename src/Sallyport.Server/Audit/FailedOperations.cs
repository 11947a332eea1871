using Sallyport.Server.Http;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Audit;

/// <summary>
/// Writes down which writes through the Management API were refused to a client that is known. Not those over the rate
/// limit: the limit is there to spare the database.
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
            await database.WriteAsync(
                unit =>
                {
                    audit.Add(unit, TenantId.Default, ApiOperation.Failed(context));
                    return ValueTask.CompletedTask;
                },
                CancellationToken.None);
        }
    }
}
