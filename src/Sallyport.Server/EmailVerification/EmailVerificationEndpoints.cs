using Sallyport.Server.Http.RateLimiting;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Sallyport.Server.Audit;
using Sallyport.Server.HostedPages;

namespace Sallyport.Server.EmailVerification;

internal static class EmailVerificationEndpoints
{
    public const string Path = "/email-verification";

    private static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head];

    public static void MapEmailVerification(this IEndpointRouteBuilder routes)
    {
        // Limited by address: whoever guesses links guesses slowly.
        var group = routes.MapGroup(Path).ExcludeFromDescription().RequireRateLimit(RateLimitKind.Address);
        // Programs that read mail open links as often as they like.
        group.MapMethods("", Reading, ShowAsync);
        group.MapPost("", ConfirmAsync);
    }

    private static async Task<ContentHttpResult> ShowAsync(HttpContext context, VerifyEmail verify, CancellationToken cancellationToken) =>
        Show(context, await verify.LookAsync(context.Request.Query["link"], cancellationToken));

    private static async Task<Results<StatusCodeHttpResult, ContentHttpResult>> ConfirmAsync(
        HttpContext context, VerifyEmail verify, CancellationToken cancellationToken)
    {
        var view = await verify.ConfirmAsync(context.Request.Query["link"], AuditSource.Of(context), cancellationToken);
        if (view.Result is not { } result)
        {
            return Show(context, view);
        }

        SetHeaders(context, view);
        var message = view.MessageIn(ReaderLanguages.Of(context.Request).ChooseFrom(view.Tenant).Texts);
        context.Response.Headers.Location = result.With(view.State == VerificationState.Verified, message);
        return TypedResults.StatusCode(StatusCodes.Status303SeeOther);
    }

    private static ContentHttpResult Show(HttpContext context, VerificationView view)
    {
        SetHeaders(context, view);
        var page = VerificationPage.Render(view, ReaderLanguages.Of(context.Request).ChooseFrom(view.Tenant));
        return TypedResults.Text(page, "text/html; charset=utf-8", Encoding.UTF8, StatusOf(view.State));
    }

    /// <summary>Browsers hold the answer to a form against the policy too, so it names where the tenant sends people.</summary>
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
