using Microsoft.AspNetCore.Http.HttpResults;
using Sallyport.Server.Configuration;
using Sallyport.Server.Http;

namespace Sallyport.Server.HostedPages;

internal static class PageEndpoints
{
    private static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head];

    public static void MapPages(this IEndpointRouteBuilder routes)
    {
        // Limited by address: whoever guesses links guesses slowly.
        var group = routes.MapGroup("").ExcludeFromDescription().RequireRateLimit(RateLimitKind.Address);
        group.MapMethods("/mfa/enrollment", Reading, ShowAsync);
        group.MapMethods("/guardian/enroll", Reading, ShowAsync);
        group.MapMethods("/enrollment", Reading, ShowAsync);
    }

    private static async Task<ContentHttpResult> ShowAsync(
        HttpContext context, ShowTicketPage show, SallyportOptions options, CancellationToken cancellationToken)
    {
        var query = context.Request.Query;
        string? ticket = query.ContainsKey("ticket_id") ? query["ticket_id"] : query["ticket"];
        var page = await show.RunAsync(ticket, ReaderLanguages.Of(context.Request), cancellationToken);
        PageHeaders.Set(context.Response.Headers, options.PublicUrl);
        return TypedResults.Text(DefaultPage.Render(page), "text/html; charset=utf-8", System.Text.Encoding.UTF8, StatusOf(page));
    }

    private static int StatusOf(PageData page) => page.RequesterErrors?[0].ErrorCode switch
    {
        null => StatusCodes.Status200OK,
        "ticket_unknown" => StatusCodes.Status404NotFound,
        _ => StatusCodes.Status410Gone,
    };
}
