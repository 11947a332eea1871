using Sallyport.Server.Audit;

namespace Sallyport.Server.SignIn.OpenIdConnect;

/// <summary>
/// Begins an authorization (OpenID Connect Core section 3.1.2): checks the request, binds it to the browser, and goes on to the first or the
/// second factor.
/// </summary>
internal sealed class StartAuthorization(
    OpenAuthorizations authorizations, HintedUsers users, ContinueAuthorization next, StartEntra entra, AuthorizationContext context)
{
    /// <param name="browser">Says whether the browser is remembered.</param>
    public async ValueTask<AuthorizationResult> RunAsync(
        CallContext call, AuthorizationRequest sent, BrowserCookie browser, CancellationToken cancellationToken)
    {
        var pushed = await TakePushedAsync(call, sent, cancellationToken);
        if (pushed is null)
        {
            return AuthorizationResult.Refuse(
                new AuthorizationFault("invalid_request_uri", "The request_uri has expired, was used before, or belongs to another client"));
        }

        var (request, isPushed, isTrusted) = pushed.Value;
        var (client, mayGetToken) = await authorizations.FindClientAsync(call, request, cancellationToken);
        if (AuthorizationRules.FindAddressFault(request, client) is { } addressFault)
        {
            return AuthorizationResult.Refuse(addressFault with { IsOfApplication = true });
        }

        if (AuthorizationRules.FindFault(request, client!, isPushed) is { } fault)
        {
            return context.Responses.Error(request, fault);
        }

        var authorization = new OpenAuthorization(AuthorizationSecrets.NewId(), client!, request);
        if (EntraSettings.Of(client!) is { } settings)
        {
            return await entra.RunAsync(call, authorization, settings, cancellationToken);
        }

        if (!mayGetToken)
        {
            return context.Responses.Error(request, new AuthorizationFault("access_denied", "The client may not get a token of a user for this audience"));
        }

        authorization = authorization with { Request = await users.ReadHintAsync(request) };
        if (!AuthorizationRules.ChecksFirstFactor(client!))
        {
            return await AskForPasswordAsync(call, authorization, cancellationToken);
        }

        // The client is believed about the user only if it has named the user itself, not through the browser.
        return isTrusted
            ? await ContinueAsync(call, authorization, browser, cancellationToken)
            : context.Responses.Error(
                request, AuthorizationFault.InvalidRequest("The client must push the request and authenticate with its secret, because it names the user"));
    }

    /// <returns>The request as it counts: the pushed one alone if there is one. Null if its reference cannot be used.</returns>
    private async ValueTask<(AuthorizationRequest Request, bool IsPushed, bool IsTrusted)?> TakePushedAsync(
        CallContext call, AuthorizationRequest sent, CancellationToken cancellationToken)
    {
        if (sent[AuthorizationRequest.RequestUriName]?.StartsWith(PushAuthorization.UriPrefix, StringComparison.Ordinal) != true)
        {
            return (sent, false, false);
        }

        var pushed = await authorizations.TakePushedAsync(call, sent, cancellationToken);
        return pushed is null ? null : (pushed.Request, true, pushed.IsAuthenticated);
    }

    /// <summary>The client has checked the first factor.</summary>
    private async ValueTask<AuthorizationResult> ContinueAsync(
        CallContext call, OpenAuthorization authorization, BrowserCookie browser, CancellationToken cancellationToken)
    {
        if (await users.FindAsync(call, authorization.Request, cancellationToken) is not { } userId)
        {
            return context.Responses.Error(
                authorization.Request, AuthorizationFault.InvalidRequest("The login_hint or the id_token_hint must name one user"));
        }

        var binding = await authorizations.AddAsync(call, authorization, cancellationToken);
        return await next.RunAsync(call, authorization, new SignedInUser(userId, FirstFactor: null, browser), cancellationToken) with { Binding = binding };
    }

    /// <summary>There is no session at Sallyport, so a password is always asked for.</summary>
    private async ValueTask<AuthorizationResult> AskForPasswordAsync(
        CallContext call, OpenAuthorization authorization, CancellationToken cancellationToken)
    {
        if (authorization.Request.IsSilent)
        {
            return context.Responses.Error(authorization.Request, new AuthorizationFault("login_required", "The user has to enter a password"));
        }

        var binding = await authorizations.AddAsync(call, authorization, cancellationToken);
        return AuthorizationResult.Ask(context.PasswordUrlOf(authorization)) with { Binding = binding };
    }
}
