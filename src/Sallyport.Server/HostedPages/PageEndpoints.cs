using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Sallyport.Server.Audit;
using Sallyport.Server.Configuration;
using Sallyport.Server.Http.RateLimiting;

namespace Sallyport.Server.HostedPages;

internal static class PageEndpoints
{
    private static readonly string[] ReadMethods = [HttpMethods.Get, HttpMethods.Head];

    public static void MapPages(this IEndpointRouteBuilder routes)
    {
        // Limited by address, so that links cannot be guessed quickly.
        var group = routes.MapGroup("").ExcludeFromDescription().RequireRateLimit(RateLimitKind.Address);
        group.MapMethods("/", ReadMethods, ShowHome);
        group.MapMethods("/mfa/enrollment", ReadMethods, ShowTicketAsync);
        group.MapMethods("/guardian/enroll", ReadMethods, ShowTicketAsync);
        group.MapMethods("/enrollment", ReadMethods, ShowTicketAsync);
        group.MapMethods(PreviewMfaPage.Path, ReadMethods, ShowPreviewAsync);
    }

    private static ContentHttpResult ShowHome(HttpContext context) =>
        Show(context, StaticPage.Home, StaticPage.Policy, StatusCodes.Status200OK);

    private static async Task<ContentHttpResult> ShowTicketAsync(
        HttpContext context, CallContext call, ShowTicketPage show, SallyportOptions options)
    {
        var query = context.Request.Query;
        string? ticket = query.ContainsKey("ticket_id") ? query["ticket_id"] : query["ticket"];
        var (page, error) = await show.RunAsync(ticket, ReaderLanguages.Of(context.Request), call, context.RequestAborted);
        return Show(context, page.Page.Html, new PagePolicy(page, options.PublicUrl).ToString(), StatusOf(error));
    }

    private static async Task<ContentHttpResult> ShowPreviewAsync(
        string? id, HttpContext context, CallContext call, MfaPageQueries pages, SallyportOptions options)
    {
        var page = await pages.FindPreviewAsync(call.Tenant, id, context.RequestAborted);
        if (page is null)
        {
            return Show(context, StaticPage.NoPreview, StaticPage.Policy, StatusCodes.Status404NotFound);
        }

        PageHeaders.SetFramed(context.Response.Headers, new PagePolicy(new ShownPage(page, IsOwn: true), options.PublicUrl).ForPreview());
        return TypedResults.Text(page.Html, "text/html; charset=utf-8", Encoding.UTF8);
    }

    /// <summary>Answers with a page and the headers that protect it.</summary>
    public static ContentHttpResult Show(HttpContext context, string html, string policy, int status)
    {
        PageHeaders.Set(context.Response.Headers, policy);
        return TypedResults.Text(html, "text/html; charset=utf-8", Encoding.UTF8, status);
    }

    private static int StatusOf(PageError? error) => error?.Code switch
    {
        null => StatusCodes.Status200OK,
        PageErrors.TicketUnknown => StatusCodes.Status404NotFound,
        PageErrors.UserBlocked => StatusCodes.Status403Forbidden,
        _ => StatusCodes.Status410Gone,
    };
}
