using System.Buffers.Text;
using System.ComponentModel.DataAnnotations;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http.HttpResults;
using Sallyport.Server.Audit;
using Sallyport.Server.Configuration;
using Sallyport.Server.Factors;
using Sallyport.Server.Factors.Duo;
using Sallyport.Server.Http;
using Sallyport.Server.Http.Payloads;
using Sallyport.Server.Http.RateLimiting;

namespace Sallyport.Server.Transactions.Guardian;

/// <summary>Sends a browser of the hosted page to Duo, and takes it back (docs/duo.md). Not in the published API.</summary>
internal static class RedirectEndpoints
{
    private const string Method = "duo";

    /// <summary>Says that the sign-in has to be started again.</summary>
    private const string ErrorPath = "/mfa/sign-in";

    public static void MapRedirects(this IEndpointRouteBuilder guardian) =>
        guardian.MapPost("/duo/authorize", AuthorizeAsync).WithTags("Guardian").Produces<ApiErrorBody>(404).Produces<ApiErrorBody>(429);

    public static void MapRedirectCallback(this IEndpointRouteBuilder routes) =>
        routes.MapGet(DuoClient.CallbackPath, ReturnAsync).ExcludeFromDescription().RequireRateLimit(RateLimitKind.Address);

    private static async Task<Results<Ok<RedirectResponse>, ApiError>> AuthorizeAsync(
        TransactionBearer bearer, Body<RedirectRequest> body, CallContext call, HttpContext context, RedirectServices services)
    {
        var factor = services.Catalog.FindBySendName(Method);
        var request = new SendChallengeRequest(bearer.Identity, factor, context.Request.Headers.AcceptLanguage) { IsShown = true };
        var result = await services.Send.RunAsync(call, request, context.RequestAborted);
        if (result.Outcome != SendChallengeOutcome.Sent)
        {
            return ChallengeEndpoints.RefusalOf(context.Response, result);
        }

        var shown = JsonNode.Parse(result.Shown!)!;
        new RedirectCookie((string)shown[RedirectShown.BrowserSecret]!, body.Value.ReturnPath).Set(context, services.Options, result.ChallengeId!);
        return TypedResults.Ok(new RedirectResponse((string)shown[RedirectShown.Address]!));
    }

    /// <summary>The browser always returns to the page from which it came, which reads the state of its transaction.</summary>
    private static async Task<RedirectHttpResult> ReturnAsync(HttpContext context, CallContext call, CompleteRedirect complete, SallyportOptions options)
    {
        var query = context.Request.Query;
        string state = query["state"].ToString(), code = query["duo_code"].ToString();
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers["Referrer-Policy"] = "no-referrer";
        if (RedirectCookie.Find(context.Request, options, state) is not { } cookie)
        {
            return TypedResults.Redirect(options.PublicUrl + ErrorPath);
        }

        var returned = new RedirectReturn(state, cookie.BrowserSecret, code.Length == 0 || query.ContainsKey("error") ? null : code);
        var outcome = await complete.RunAsync(call, returned, context.RequestAborted);
        RedirectCookie.Delete(context.Response, options, state);
        return TypedResults.Redirect(options.PublicUrl + cookie.ReturnPath + outcome switch
        {
            CompleteRedirectOutcome.Accepted => "",
            CompleteRedirectOutcome.Unavailable => "#duo=unavailable",
            CompleteRedirectOutcome.Refused or CompleteRedirectOutcome.Unknown => "#duo=refused",
        });
    }
}

/// <summary>The services that the handlers need together.</summary>
internal sealed record RedirectServices(SendChallenge Send, FactorCatalog Catalog, SallyportOptions Options);

public sealed record RedirectRequest : GuardianRequest
{
    private const int MaxLength = 3000;
    private const string OwnPage = @"^/(mfa/|guardian/enroll|enrollment)[\x21\x24-\x5B\x5D-\x7E]*\z";

    /// <summary>The path and query of the hosted page to which the browser comes back.</summary>
    [JsonPropertyName("return_path"), JsonRequired, StringLength(MaxLength), RegularExpression(OwnPage)]
    public string ReturnPath { get; init; } = "";

    internal static bool IsOwnPage(string path) => path.Length <= MaxLength && Regex.IsMatch(path, OwnPage);

    public override string ToString() => "***";
}

/// <param name="Address">Where the browser goes next. It contains a signed request.</param>
public sealed record RedirectResponse([property: JsonPropertyName("authorize_url")] string Address)
{
    public override string ToString() => "***";
}

/// <summary>The cookie of a browser that was sent to a service: a secret that its return must prove, and the page from which it came.</summary>
internal sealed record RedirectCookie(string BrowserSecret, string ReturnPath)
{
    /// <summary>Each contains an address, so only a few fit into the headers of a request.</summary>
    public const int MaxCookies = 4;

    private const int MaxLength = 4096;

    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(20);

    public void Set(HttpContext context, SallyportOptions options, string challengeId) => Of(options).Set(
        context, challengeId, $"{BrowserSecret}.{Base64Url.EncodeToString(Encoding.ASCII.GetBytes(ReturnPath))}", Lifetime);

    /// <returns>Null if the browser was not sent to the service by this challenge.</returns>
    public static RedirectCookie? Find(HttpRequest request, SallyportOptions options, string challengeId)
    {
        var parts = Of(options).Find(request, challengeId)?.Split('.');
        if (parts is not [var secret, var path] || path.Length > MaxLength)
        {
            return null;
        }

        try
        {
            // The value comes from the browser, and the address must be one of ours.
            var returnPath = Encoding.ASCII.GetString(Base64Url.DecodeFromChars(path));
            return RedirectRequest.IsOwnPage(returnPath) ? new RedirectCookie(secret, returnPath) : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    public static void Delete(HttpResponse response, SallyportOptions options, string challengeId) => Of(options).Delete(response, challengeId);

    public override string ToString() => "***";

    private static HostCookies Of(SallyportOptions options) => new(options, "duo-", MaxCookies);
}
