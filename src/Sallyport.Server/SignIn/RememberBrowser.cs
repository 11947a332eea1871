using Microsoft.AspNetCore.Http.HttpResults;
using Sallyport.Server.Audit;
using Sallyport.Server.Configuration;
using Sallyport.Server.Http;
using Sallyport.Server.Http.RateLimiting;
using Sallyport.Server.Policies;
using Sallyport.Server.Security;
using Sallyport.Server.Storage;
using Sallyport.Server.Transactions;
using Sallyport.Server.Transactions.Guardian;

namespace Sallyport.Server.SignIn;

/// <summary>Remembers the browser in which a second factor has proved a sign-in.</summary>
internal sealed class RememberBrowser(Database database, AuditLog audit, SecretHash hash, TimeProvider clock)
{
    /// <returns>
    /// The cookie, and how long it is valid. Null if no second factor has proved the sign-in, if it may not remember browsers, or if its
    /// browser was remembered before.
    /// </returns>
    public ValueTask<(BrowserCookie Cookie, TimeSpan Lifetime)?> RunAsync(
        CallContext call, TransactionIdentity identity, BrowserCookie sent, CancellationToken cancellationToken) =>
        database.WriteAsync(unit => RunAsync(unit, call, identity, sent, cancellationToken), cancellationToken);

    private async ValueTask<(BrowserCookie, TimeSpan)?> RunAsync(
        UnitOfWork unit, CallContext call, TransactionIdentity identity, BrowserCookie sent, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        // A removal of factors happens before this or after it, never at the same time.
        unit.Enqueue(AttemptLimit.HoldIfExists(identity.Tenant, identity.UserId));
        var settings = await PolicyStore.GetSessionSettingsAsync(unit, identity.Tenant, cancellationToken);
        var transaction = await TransactionStore.FindAsync(unit, identity.Tenant, SignInOrigin.OriginName, identity.TransactionId, cancellationToken);
        if (transaction is null || !settings.DisplayRememberMeCheckbox || !SignInData.Parse(transaction.OriginData!).MayRememberBrowser)
        {
            unit.Abandon();
            return null;
        }

        if (sent.Secrets.Count > 0)
        {
            unit.Enqueue(RememberedBrowserStore.Delete(new BrowserSignIn(identity, hash.RememberedBrowser(identity, sent), settings, now)));
        }

        // Always a new secret: one that the browser has sent may be known to whoever put it there.
        var secret = BrowserCookie.NewSecret();
        if (!await unit.TryApplyAsync(
            [
                RememberedBrowserStore.Mark(identity, now),
                RememberedBrowserStore.Insert(identity, hash.RememberedBrowser(identity.UserId, secret), now),
            ],
            cancellationToken))
        {
            return null;
        }

        audit.Add(unit, identity.Tenant, new AuditEntry(AuditTypes.BrowserRemembered, transaction.SourceOf(call.Source)) { UserId = identity.UserId });
        return (sent.With(secret), TimeSpan.FromSeconds(settings.OverallTimeout));
    }
}

internal static class RememberBrowserEndpoints
{
    /// <summary>Below the path of the cookie, so that the browser sends the one that it has.</summary>
    private const string Path = "/mfa/remember-browser";

    /// <summary>The token is in a header that no other site can send, so the cookie cannot be set from one.</summary>
    public static void MapRememberBrowser(this IEndpointRouteBuilder routes) =>
        routes.MapPost(Path, RunAsync).ExcludeFromDescription().RequireRateLimit(RateLimitKind.Address);

    private static async Task<Results<NoContent, ApiError>> RunAsync(
        TransactionBearer bearer, HttpContext context, CallContext call, RememberBrowser remember, SallyportOptions options)
    {
        var remembered = await remember.RunAsync(call, bearer.Identity, BrowserCookie.Of(context.Request), context.RequestAborted);
        if (remembered is not var (cookie, lifetime))
        {
            return GuardianCredential.Refused;
        }

        cookie.Set(context.Response, options, lifetime);
        return TypedResults.NoContent();
    }
}
