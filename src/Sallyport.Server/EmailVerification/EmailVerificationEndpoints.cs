using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.WebUtilities;
using Sallyport.Server.Audit;
using Sallyport.Server.Configuration;
using Sallyport.Server.HostedPages;
using Sallyport.Server.Http.RateLimiting;

namespace Sallyport.Server.EmailVerification;

internal static class EmailVerificationEndpoints
{
    public const string Path = "/email-verification";

    private static readonly string[] ReadMethods = [HttpMethods.Get, HttpMethods.Head];

    public static void AddEmailVerification(this IServiceCollection services, Retention retention)
    {
        services.AddSingleton<VerificationMail>();
        services.AddSingleton(VerificationMail.Example);
        services.AddSingleton<VerificationQueries>();
        services.AddSingleton<VerifyEmail>();
        services.AddSingleton(VerificationStore.Links.Retention(retention.Tickets));
    }

    public static void MapEmailVerification(this IEndpointRouteBuilder routes)
    {
        // Limited by address, so that links cannot be guessed quickly.
        var group = routes.MapGroup(Path).ExcludeFromDescription().RequireRateLimit(RateLimitKind.Address);
        // Mail scanners open links as often as they like, so GET changes nothing.
        group.MapMethods("", ReadMethods, ShowAsync);
        group.MapPost("", ConfirmAsync);
    }

    private static async Task<ContentHttpResult> ShowAsync(
        CallContext call, HttpContext context, VerificationQueries queries, CancellationToken cancellationToken) =>
        Show(context, await queries.FindAsync(call.Tenant, context.Request.Query["link"], cancellationToken));

    private static async Task<Results<StatusCodeHttpResult, ContentHttpResult>> ConfirmAsync(
        CallContext call, HttpContext context, VerifyEmail verify, CancellationToken cancellationToken)
    {
        var view = await verify.RunAsync(context.Request.Query["link"], call, cancellationToken);
        if (view.Result is not { } result)
        {
            return Show(context, view);
        }

        SetHeaders(context, view);
        var message = VerificationPage.Message(view, ReaderLanguages.Of(context.Request).ChooseFrom(view.Tenant).Texts);
        context.Response.Headers.Location = Location(result, view.State == VerificationState.Verified, message);
        return TypedResults.StatusCode(StatusCodes.Status303SeeOther);
    }

    /// <summary>docs/management-api.md §C.3.</summary>
    private static string Location(ResultUrl result, bool isSuccess, string message)
    {
        var query = new Dictionary<string, string?> { ["success"] = isSuccess ? "true" : "false", ["message"] = message };
        if (result.Email is not null)
        {
            query["email"] = result.Email;
        }

        return QueryHelpers.AddQueryString(result.Url.AbsoluteUri, query);
    }

    private static ContentHttpResult Show(HttpContext context, VerificationView view)
    {
        SetHeaders(context, view);
        var page = VerificationPage.Render(view, ReaderLanguages.Of(context.Request).ChooseFrom(view.Tenant));
        return TypedResults.Text(page, "text/html; charset=utf-8", Encoding.UTF8, StatusOf(view.State));
    }

    /// <summary>Browsers apply <c>form-action</c> to the redirect that answers a form, too, so it names the tenant's result URL.</summary>
    private static void SetHeaders(HttpContext context, VerificationView view) =>
        PageHeaders.Set(
            context.Response.Headers,
            "default-src 'none'; style-src 'self'; img-src 'self' data: https:; "
            + $"form-action 'self' {view.Result?.Url.GetLeftPart(UriPartial.Authority)}; base-uri 'none'; frame-ancestors 'none'");

    private static int StatusOf(VerificationState state) => state switch
    {
        VerificationState.Open or VerificationState.Verified => StatusCodes.Status200OK,
        VerificationState.Unknown => StatusCodes.Status404NotFound,
        VerificationState.Used or VerificationState.Expired => StatusCodes.Status410Gone,
    };
}
