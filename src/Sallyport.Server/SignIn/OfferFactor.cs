using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Sallyport.Server.Audit;
using Sallyport.Server.Configuration;
using Sallyport.Server.Factors;
using Sallyport.Server.Http;
using Sallyport.Server.Http.RateLimiting;
using Sallyport.Server.Storage;
using Sallyport.Server.Transactions;
using Sallyport.Server.Transactions.Guardian;

namespace Sallyport.Server.SignIn;

/// <summary>
/// Lets a user who has just signed in add an authenticator of a factor with <see cref="FactorTraits.IsOfferedAfterSignIn"/>. The sign-in is the
/// fresh second factor that this needs. The authenticator is added in a transaction of its own, whose result is of no use anywhere.
/// </summary>
internal sealed class OfferFactor(Database database, CreateSignIn create, FactorCatalog catalog, SallyportOptions options, TimeProvider clock)
{
    /// <summary>How long after the second factor was proved.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    /// <param name="identity">The sign-in.</param>
    /// <returns>The token that starts the transaction in which the authenticator is added; null if nothing may be added.</returns>
    public async ValueTask<string?> RunAsync(CallContext call, TransactionIdentity identity, CancellationToken cancellationToken)
    {
        var (signIn, factors) = await database.ReadAsync(
            async session => (
                await TransactionStore.FindAsync(session, call.Tenant, SignInOrigin.OriginName, identity.TransactionId, cancellationToken),
                await UserFactors.FindAsync(session, call.Tenant, identity.UserId, cancellationToken)),
            cancellationToken);
        if (signIn is null || !IsFresh(signIn, factors) || FindOffered(signIn, factors) is not { } offered)
        {
            return null;
        }

        var request = new CreateSignInRequest { UserId = signIn.UserId, ClientId = signIn.ClientId!, PostActionUrl = options.PublicUrl + SignInPage.Path };
        var (_, created) = await create.RunAsync(
            call with { Source = signIn.SourceOf(call.Source) }, request, new SignInPurpose { ManagesFactors = true, Adds = offered.Name }, cancellationToken);
        return created?.RequestToken;
    }

    /// <summary>An authenticator that the user still has proved it, and its result was not used yet.</summary>
    private bool IsFresh(Transaction signIn, UserFactors factors)
    {
        var now = clock.GetUtcNow();
        return signIn is { State: TransactionState.Accepted, Enrolls: false, RedeemedAt: null } && signIn.IsAlive(now)
            && signIn.AcceptedAt + Lifetime > now
            && factors.Confirmed.Any(authenticator => authenticator.Id == signIn.ProvedBy);
    }

    private FactorTraits? FindOffered(Transaction signIn, UserFactors factors)
    {
        var data = SignInData.Parse(signIn.OriginData!);
        return data is { SelfServiceEnrollment: true, Adds: null }
            ? catalog.Enrollable(factors).Select(factor => factor.Traits).FirstOrDefault(traits =>
                traits.IsOfferedAfterSignIn && signIn.Admits(traits.Name) && !factors.Confirmed.Any(authenticator => authenticator.Factor == traits.Name))
            : null;
    }
}

internal static class OfferFactorEndpoints
{
    private const string Path = "/mfa/offered-factor";

    /// <summary>For the hosted page. The token is in a header that no other site can send.</summary>
    public static void MapOfferedFactor(this IEndpointRouteBuilder routes) =>
        routes.MapPost(Path, RunAsync).ExcludeFromDescription().RequireRateLimit(RateLimitKind.Address);

    private static async Task<Results<Ok<OfferedFactorResponse>, ApiError>> RunAsync(
        TransactionBearer bearer, CallContext call, OfferFactor offer, CancellationToken cancellationToken) =>
        await offer.RunAsync(call, bearer.Identity, cancellationToken) is { } token
            ? TypedResults.Ok(new OfferedFactorResponse(token))
            : ChallengeEndpoints.MethodNotAvailable;
}

/// <param name="RequestToken">Starts the transaction in which the factor is added.</param>
public sealed record OfferedFactorResponse([property: JsonPropertyName("request_token")] string RequestToken)
{
    public override string ToString() => "***";
}
