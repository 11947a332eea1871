using System.Security.Cryptography;
using Sallyport.Server.Audit;
using Sallyport.Server.Clients;
using Sallyport.Server.Configuration;
using Sallyport.Server.Storage;
using Sallyport.Server.Transactions;

namespace Sallyport.Server.SignIn.OpenIdConnect;

/// <summary>The authorizations that wait for their user.</summary>
internal sealed class OpenAuthorizations(Database database, AuthorizationSecrets secrets, UserTokens tokens, SallyportOptions options)
{
    /// <summary>Long enough for a password and an enrollment.</summary>
    public static readonly TimeSpan Lifetime = Transaction.Lifetime + TimeSpan.FromMinutes(10);

    /// <summary>Uses a reference to a pushed request. It works once, and for its client only.</summary>
    /// <returns>Null if it cannot be used.</returns>
    public ValueTask<PushedRequest?> TakePushedAsync(CallContext call, AuthorizationRequest sent, CancellationToken cancellationToken)
    {
        var hash = secrets.HashPushed(sent[AuthorizationRequest.RequestUriName]![PushAuthorization.UriPrefix.Length..]);
        return database.WriteAsync(
            async unit =>
            {
                if (await unit.ExecuteAsync(PushedRequestStore.Use(call.Tenant, hash, sent.ClientId, secrets.Now), cancellationToken) == 0)
                {
                    unit.Abandon();
                    return null;
                }

                return await PushedRequestStore.FindAsync(unit, call.Tenant, hash, cancellationToken);
            },
            cancellationToken);
    }

    /// <returns>The client that makes a request; null if there is none. And whether it may get what it asks for.</returns>
    public ValueTask<(ClientResponse? Client, bool MayGetToken)> FindClientAsync(
        CallContext call, AuthorizationRequest request, CancellationToken cancellationToken) =>
        database.ReadAsync(
            async session =>
            {
                if (await ClientStore.FindAsync(session, call.Tenant, request.ClientId, cancellationToken) is not { } client)
                {
                    return (null, false);
                }

                var settings = ClientResponse.Of(call.Tenant, client);
                settings = settings with { Callbacks = [.. settings.Callbacks ?? [], options.PublicUrl + CallbackAddress.YourFactorsPath] };
                var target = await tokens.FindTargetAsync(
                    session, call.Tenant, new AuthenticatedClient(client.ClientId, settings), (request.Audience, request.Scope), cancellationToken);
                return ((ClientResponse?)settings, target is not null);
            },
            cancellationToken);

    /// <returns>What binds it to the browser.</returns>
    public async ValueTask<BrowserBinding> AddAsync(CallContext call, OpenAuthorization authorization, CancellationToken cancellationToken)
    {
        var binding = new BrowserBinding(authorization.Id, AuthorizationSecrets.NewSecret());
        await database.WriteAsync(
            unit =>
            {
                unit.Enqueue(AuthorizationStore.Insert(call.Tenant, authorization, secrets.HashBrowser(binding), secrets.Now + Lifetime));
                return ValueTask.CompletedTask;
            },
            cancellationToken);
        return binding;
    }

    /// <summary>Finds an authorization for the browser that has begun it. The request is checked again: the client may have changed since.</summary>
    /// <param name="secret">From the cookie of the browser; null if it has none.</param>
    /// <returns>The authorization, or why it cannot go on.</returns>
    public async ValueTask<(OpenAuthorization? Authorization, AuthorizationFault? Fault)> FindAsync(
        CallContext call, string requestId, string? secret, CancellationToken cancellationToken)
    {
        // The id comes from an address, so it may be anything.
        var stored = requestId.All(char.IsAsciiLetterOrDigit)
            ? await database.ReadAsync(session => AuthorizationStore.FindAsync(session, call.Tenant, requestId, cancellationToken), cancellationToken)
            : null;
        if (stored is null || secret is null
            || !CryptographicOperations.FixedTimeEquals(secrets.HashBrowser(new BrowserBinding(requestId, secret)), stored.BrowserHash))
        {
            return (null, AuthorizationFault.InvalidRequest("This sign-in was begun in another browser, or too long ago"));
        }

        if (stored.IsAnswered || stored.ExpiresAt <= secrets.Now)
        {
            return (null, AuthorizationFault.InvalidRequest(stored.IsAnswered ? "This sign-in was completed before" : "This sign-in has expired"));
        }

        var (client, _) = await FindClientAsync(call, stored.Request, cancellationToken);
        var fault = AuthorizationRules.FindAddressFault(stored.Request, client) ?? AuthorizationRules.FindFault(stored.Request, client!, isPushed: true);
        return fault is null ? (new OpenAuthorization(requestId, client!, stored.Request), null) : (null, fault);
    }
}

/// <summary>Knows the browsers that have begun authorizations by their cookies.</summary>
internal sealed class AuthorizationBrowsers(OpenAuthorizations authorizations, SallyportOptions options) : ISignInBrowsers
{
    public async ValueTask<bool> HasBegunAsync(HttpRequest request, CallContext call, SignInAuthorization authorization)
    {
        var secret = BrowserBindingCookie.Find(request, options, authorization.RequestId);
        return (await authorizations.FindAsync(call, authorization.RequestId, secret, request.HttpContext.RequestAborted)).Authorization is not null;
    }
}
