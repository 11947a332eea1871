using Sallyport.Server.Http.RateLimiting;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Sallyport.Server.Audit;
using Sallyport.Server.Configuration;

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
        HttpContext context, ShowTicketPage show, TenantPage pages, PageFailures failures, SallyportOptions options)
    {
        var query = context.Request.Query;
        string? ticket = query.ContainsKey("ticket_id") ? query["ticket_id"] : query["ticket"];
        var (tenant, data) = await show.RunAsync(ticket, ReaderLanguages.Of(context.Request), context.RequestAborted);
        var shown = pages.Render(tenant, data);
        if (shown.Failure is { } failure)
        {
            await failures.ReportAsync(tenant.GuardianMfaPage!.Html!, failure, AuditSource.Of(context));
        }

        PageHeaders.Set(context.Response.Headers, new PagePolicy(shown, options.PublicUrl).ToString());
        return TypedResults.Text(shown.Page.Html, "text/html; charset=utf-8", Encoding.UTF8, StatusOf(data));
    }

    private static int StatusOf(PageData page) => page.Error?.Code switch
    {
        null => StatusCodes.Status200OK,
        PageErrors.TicketUnknown => StatusCodes.Status404NotFound,
        PageErrors.UserBlocked => StatusCodes.Status403Forbidden,
        _ => StatusCodes.Status410Gone,
    };
}
