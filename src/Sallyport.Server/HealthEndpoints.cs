using Sallyport.Server.Http;
using Sallyport.Server.Storage;

namespace Sallyport.Server;

internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health/live", () => TypedResults.Ok()).ExcludeFromDescription();
        routes.MapGet("/health/ready", IsReadyAsync).ExcludeFromDescription();
    }

    private static async Task<IResult> IsReadyAsync(Migrator migrator, Draining draining, CancellationToken cancellationToken)
    {
        try
        {
            return !draining.IsStopping && await migrator.CanServeAsync(cancellationToken)
                ? TypedResults.Ok()
                : TypedResults.StatusCode(StatusCodes.Status503ServiceUnavailable);
        }
        catch (System.Data.Common.DbException)
        {
            return TypedResults.StatusCode(StatusCodes.Status503ServiceUnavailable);
        }
    }
}
