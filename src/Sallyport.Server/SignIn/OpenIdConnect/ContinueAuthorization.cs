using Sallyport.Server.Audit;
using Sallyport.Server.Configuration;
using Sallyport.Server.Transactions;

namespace Sallyport.Server.SignIn.OpenIdConnect;

/// <summary>A user whose first factor was checked.</summary>
/// <param name="FirstFactor">How Sallyport has checked it (RFC 8176), for example <c>pwd</c>; null if the client has.</param>
/// <param name="Browser">Says whether the browser is remembered.</param>
internal sealed record SignedInUser(string UserId, string? FirstFactor, BrowserCookie Browser)
{
    public override string ToString() => UserId;
}

/// <summary>Goes on after the first factor: creates the sign-in for the second one, or answers at once if none is needed.</summary>
internal sealed class ContinueAuthorization(
    CreateSignIn create, WaiveSecondFactor waive, AnswerAuthorization answer, AuthorizationContext context)
{
    public async ValueTask<AuthorizationResult> RunAsync(
        CallContext call, OpenAuthorization authorization, SignedInUser user, CancellationToken cancellationToken)
    {
        if (!authorization.Request.Admits(user.UserId))
        {
            return context.Responses.Error(authorization, "login_required", "The id_token_hint names another user");
        }

        var request = RequestOf(call, authorization, user.UserId);
        var purpose = new SignInPurpose(new SignInAuthorization(authorization.Id, authorization.Request.RedirectUri, user.FirstFactor));
        var (outcome, created) = await create.RunAsync(call, request, purpose, cancellationToken);
        return outcome switch
        {
            CreateSignInOutcome.Created when await FindAcceptedAsync(call, created!, user, cancellationToken) is { } accepted =>
                await answer.RunAsync(call, authorization, accepted, cancellationToken),
            CreateSignInOutcome.Created when authorization.Request.IsSilent =>
                context.Responses.Error(authorization, "interaction_required", "The user needs a second factor"),
            CreateSignInOutcome.Created => AuthorizationResult.Ask(context.PageUrlOf(authorization, created!)),
            CreateSignInOutcome.UserBlocked => context.Responses.Error(authorization, "access_denied", "user is blocked"),
            CreateSignInOutcome.UserNotFound or CreateSignInOutcome.ClientNotFound or CreateSignInOutcome.AddressNotAllowed
                or CreateSignInOutcome.FactorNotAvailable =>
                context.Responses.Error(authorization, "access_denied", "The user or the client does not exist any more"),
        };
    }

    /// <returns>The sign-in if it needs no second factor; otherwise null.</returns>
    private async ValueTask<Transaction?> FindAcceptedAsync(
        CallContext call, NewSignIn created, SignedInUser user, CancellationToken cancellationToken) =>
        created.Transaction.State == TransactionState.Accepted ? created.Transaction
        : user.Browser.Secrets.Count == 0 ? null
        : await waive.RunAsync(call, created.RequestToken, user.Browser, cancellationToken);

    private CreateSignInRequest RequestOf(CallContext call, OpenAuthorization authorization, string userId) => new()
    {
        UserId = userId,
        ClientId = authorization.Client.ClientId,
        PostActionUrl = context.ResumeUrl,
        AllowRememberBrowser = AuthorizationRules.MayRememberBrowsers(authorization.Client),
        AcrValues = authorization.Request.AcrValues,
        Scope = authorization.Request.Scope,
        Ip = call.Source.Address,
    };
}

/// <summary>The addresses of this server that an authorization leads to, and its responses.</summary>
internal sealed class AuthorizationContext(SallyportOptions options, AuthorizationResponses responses)
{
    public const string ResumePath = "/authorize/resume";
    public const string PasswordPath = "/authorize/password";

    public AuthorizationResponses Responses => responses;

    /// <summary>The page posts the result of the second factor to it.</summary>
    public string ResumeUrl => options.PublicUrl + ResumePath;

    public string PageUrlOf(OpenAuthorization authorization, NewSignIn created) =>
        InLanguageOf(authorization, SignInPage.AddressOf(options.PublicUrl, created.RequestToken));

    public string PasswordUrlOf(OpenAuthorization authorization) =>
        InLanguageOf(authorization, $"{options.PublicUrl}{PasswordPath}?request={authorization.Id}");

    private static string InLanguageOf(OpenAuthorization authorization, string url) =>
        authorization.Request.UiLocales is { } locales ? $"{url}&ui_locales={Uri.EscapeDataString(locales)}" : url;
}
