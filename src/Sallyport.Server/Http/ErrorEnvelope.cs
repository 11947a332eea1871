using Npgsql;

namespace Sallyport.Server.Http;

/// <summary>Gives every refusal a body in the format of the API that was called. Stack traces go to the log only.</summary>
internal sealed class ErrorEnvelope(RequestDelegate next, ILogger<ErrorEnvelope> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (ApiException exception)
        {
            await WriteAsync(context, exception.Error);
            return;
        }
        catch (BadHttpRequestException exception)
        {
            await WriteAsync(context, new ApiError(exception.StatusCode, exception.Message, ErrorCodes.InvalidBody));
            return;
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            return;
        }
        catch (NpgsqlException exception) when (exception.IsTransient)
        {
            HttpLog.DatabaseUnavailable(logger, exception);
            await WriteAsync(
                context, new ApiError(503, "The database does not answer; try again in a moment.", ErrorCodes.ServiceUnavailable));
            return;
        }
#pragma warning disable CA1031 // The last line of defence: the caller learns only a reference to the log.
        catch (Exception exception)
        {
            HttpLog.RequestFailed(logger, context.TraceIdentifier, exception);
            await WriteAsync(context, new ApiError(500, $"Something went wrong here. Reference: {context.TraceIdentifier}", null));
            return;
        }
#pragma warning restore CA1031

        if (context.Response is { HasStarted: false, StatusCode: >= 400, ContentType: null, ContentLength: null })
        {
            await WriteAsync(context, ForStatus(context.Response.StatusCode));
        }
    }

    private static ApiError ForStatus(int statusCode) =>
        new(statusCode, Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(statusCode), null);

    private static Task WriteAsync(HttpContext context, ApiError error) =>
        context.Response.HasStarted ? Task.CompletedTask : error.ExecuteAsync(context);
}
