using Microsoft.AspNetCore.Http.HttpResults;
using Sallyport.Server.Audit;
using Sallyport.Server.Clients;
using Sallyport.Server.Configuration;
using Sallyport.Server.Http;
using Sallyport.Server.Http.Payloads;
using Sallyport.Server.Http.RateLimiting;

namespace Sallyport.Server.SignIn.OpenIdConnect;

/// <summary>The endpoints of OpenID Connect beside the token endpoint (docs/openid-connect.md).</summary>
internal static class AuthorizationEndpoints
{
    public const string AuthorizePath = "/authorize";
    public const string PushPath = "/oauth/par";
    public const string UserInfoPath = "/userinfo";

    /// <summary>Signed results are far shorter.</summary>
    private const int MaxSignatureLength = 8192;

    /// <summary>Limited by address, because the callers are not authenticated yet.</summary>
    public static void MapAuthorization(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("").WithTags("OAuth").RequireRateLimit(RateLimitKind.Address);
        group.MapGet(AuthorizePath, AuthorizeAsync).WithName("Authorize").WithMetadata([.. AuthorizationRequest.Described])
            .Produces(303).Produces(200, contentType: "text/html").Produces(400, contentType: "text/html");
        group.MapPost(PushPath, PushAsync).WithName("PushAuthorizationRequest").WithMetadata(new OAuthSurface(), new BodyMetadata(typeof(PushParameters)) { IsClosed = false })
            .RequireCors(ClientCors.Clients).Produces<PushedRequestResponse>(201).Produces<OAuthErrorBody>(401);
        group.MapGet(UserInfoPath, GetUserInfoAsync).WithName("GetUserInfo").WithMetadata(new OAuthSurface()).RequireCors(ClientCors.Clients)
            .Produces<UserInfoClaims>(200).Produces<OAuthErrorBody>(401).Produces<OAuthErrorBody>(403);
        var undescribed = group.MapGroup("").ExcludeFromDescription();
        undescribed.MapPost(AuthorizePath, AuthorizeAsync);
        undescribed.MapPost(UserInfoPath, GetUserInfoAsync).WithMetadata(new OAuthSurface()).RequireCors(ClientCors.Clients);
        undescribed.MapPost(AuthorizationContext.ResumePath, ResumeAsync);
        undescribed.MapPasswordPage();
    }

    private static async Task<AuthorizationAnswer> AuthorizeAsync(HttpContext context, CallContext call, StartAuthorization start)
    {
        var (request, fault) = await AuthorizationRequestReader.ReadAsync(context.Request);
        return new AuthorizationAnswer(fault is not null
            ? AuthorizationResult.Refuse(fault with { IsOfApplication = true })
            : await start.RunAsync(Of(context, call, request!.ClientId), request, BrowserCookie.Of(context.Request), context.RequestAborted));
    }

    private static async Task<AuthorizationAnswer> ResumeAsync(
        HttpContext context, CallContext call, SallyportOptions options, ResumeAuthorization resume)
    {
        var form = context.Request.HasFormContentType ? await FormReader.ReadAsync(context.Request) : null;
        string? signature = form?["signature"] is [{ Length: <= MaxSignatureLength } text] ? text : null;
        return new AuthorizationAnswer(
            await resume.RunAsync(
                call, signature, requestId => BrowserBindingCookie.Find(context.Request, options, requestId), context.RequestAborted));
    }

    private static async Task<Results<JsonHttpResult<PushedRequestResponse>, OAuthError>> PushAsync(
        HttpContext context, CallContext call, PushAuthorization push)
    {
        var (request, error) = await TokenRequestReader.ReadAsync(context, [.. AuthorizationRequest.Known, "client_secret"]);
        if (error is not null)
        {
            return error;
        }

        var result = await push.RunAsync(Of(context, call, request!.ClientId), request, context.RequestAborted);
        return result.Outcome switch
        {
            PushAuthorizationOutcome.Pushed =>
                TypedResults.Json(result.Response!, AuthorizationApiJson.Default.PushedRequestResponse, statusCode: StatusCodes.Status201Created),
            PushAuthorizationOutcome.ClientUnauthorized => TokenErrors.InvalidClient,
            PushAuthorizationOutcome.Invalid => new OAuthError(400, result.Fault!.Error, result.Fault.Description),
        };
    }

    /// <summary>RFC 6750 section 3.1.</summary>
    private static async Task<Results<JsonHttpResult<Dictionary<string, object>>, OAuthError>> GetUserInfoAsync(
        HttpContext context, CallContext call, UserInfoQueries queries)
    {
        var header = context.Request.Headers.Authorization.ToString();
        if (!header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
        {
            return new OAuthError(401, "invalid_request", "An access token is required") { Scheme = "Bearer" };
        }

        var (outcome, claims) = await queries.FindAsync(call, header["Bearer ".Length..].Trim(), context.RequestAborted);
        return outcome switch
        {
            UserInfoOutcome.Found => TypedResults.Json(claims!, AuthorizationJson.Default.DictionaryStringObject),
            UserInfoOutcome.TokenInvalid => Refuse(401, "invalid_token", "The access token is not valid here"),
            UserInfoOutcome.ScopeMissing => Refuse(403, "insufficient_scope", "The access token lacks the scope openid"),
        };
    }

    private static OAuthError Refuse(int status, string error, string description) =>
        new(status, error, description) { Scheme = $"Bearer error=\"{error}\"" };

    private static CallContext Of(HttpContext context, CallContext call, string? clientId) => call with { Source = AuditSource.Of(context, clientId) };
}

/// <summary>The grant <c>authorization_code</c> of <c>/oauth/token</c>.</summary>
internal sealed class AuthorizationCodeGrant(ExchangeCode exchange) : ITokenGrant
{
    public IReadOnlyList<string> GrantTypes { get; } = [GrantType.AuthorizationCode];

    public async Task<Results<Ok<TokenResponse>, OAuthError>> ExchangeAsync(
        TokenRequest request, CallContext call, CancellationToken cancellationToken)
    {
        var result = await exchange.RunAsync(request, call, cancellationToken);
        return result.Outcome switch
        {
            ExchangeCodeOutcome.Issued => TypedResults.Ok(result.Token),
            ExchangeCodeOutcome.ClientUnauthorized => TokenErrors.InvalidClient,
            ExchangeCodeOutcome.GrantTypeNotAllowed => TokenErrors.GrantTypeNotAllowed(GrantType.AuthorizationCode),
            ExchangeCodeOutcome.ParameterMissing => TokenErrors.Missing(result.Parameter!),
            ExchangeCodeOutcome.CodeInvalid => new OAuthError(403, "invalid_grant", "Invalid authorization code"),
            ExchangeCodeOutcome.ApiNotAllowed => TokenErrors.ApiNotAllowed,
        };
    }
}
