using System.Security.Cryptography;
using System.Text;
using Sallyport.Server.Audit;
using Sallyport.Server.Clients;
using Sallyport.Server.Factors;
using Sallyport.Server.Storage;
using Sallyport.Server.Transactions;
using Sallyport.Server.Users;

namespace Sallyport.Server.MfaApi;

internal enum MfaTokenState
{
    Live,
    Malformed,

    /// <summary>It has expired, was used or was ended.</summary>
    Expired,
    OfOtherClient,

    /// <summary>An access token without the scope, or an <c>mfa_token</c> where only an access token will do.</summary>
    ScopeMissing,

    /// <summary>The user is enrolled, and the access token was issued without a second factor, or the authenticator that proved it is gone.</summary>
    SecondFactorMissing,

    /// <summary>The user is enrolled, and the second factor was used more than <see cref="MfaTokens.MaxAgeOfSecondFactor"/> ago.</summary>
    SecondFactorTooOld,
}

/// <summary>The user and the client behind a call of the MFA API, known by an <c>mfa_token</c> or an access token.</summary>
internal sealed record MfaCaller(string UserId, string ClientId, UserFactors Factors)
{
    /// <summary>The transaction of an <c>mfa_token</c>; null for an access token.</summary>
    public TransactionView? View { get; init; }

    /// <summary>When the second factor of an access token was used.</summary>
    public DateTimeOffset ProvedAt { get; init; }

    /// <summary>The scopes of an access token.</summary>
    public IReadOnlySet<string> Scopes { get; init; } = new HashSet<string>();
}

/// <summary>Finds the caller, or the transaction, behind the tokens of the MFA API.</summary>
internal sealed class MfaTokens(Database database, TransactionTokens tokens, AccessTokens accessTokens, UserTokens userTokens, TimeProvider clock)
{
    /// <summary>How long after a second factor its token may change the authenticators of an enrolled user.</summary>
    public static readonly TimeSpan MaxAgeOfSecondFactor = TimeSpan.FromMinutes(5);

    /// <summary>
    /// The transaction that a token names. An access token that has associated an authenticator stands for that transaction, because no
    /// <c>mfa_token</c> was given for it.
    /// </summary>
    /// <param name="clientId">Null if the caller names no client.</param>
    /// <param name="mayBeAccepted">Finds also a transaction that a device has accepted, whose tokens were not issued yet.</param>
    public async ValueTask<(MfaTokenState State, TransactionView? View)> FindAsync(
        CallContext call, string token, string? clientId, bool mayBeAccepted, CancellationToken cancellationToken)
    {
        if (await tokens.ValidateMfaAsync(call.Tenant, token) is { } identity)
        {
            return await FindAsync(identity, clientId, mayBeAccepted, cancellationToken);
        }

        var (state, caller) = await FindByAccessTokenAsync(call, token, UserTokens.EnrollScope, cancellationToken);
        if (caller is null)
        {
            return (state, null);
        }

        var id = await database.ReadAsync(
            session => TransactionStore.FindNewestIdAsync(
                session, call.Tenant, (caller.UserId, MfaOrigin.OriginName, OriginIdOf(token)), cancellationToken),
            cancellationToken);
        return id is null
            ? (MfaTokenState.Malformed, null)
            : await FindAsync(new TransactionIdentity(call.Tenant, id, caller.UserId), clientId, mayBeAccepted, cancellationToken);
    }

    /// <summary>The caller of an operation that changes the authenticators: an access token of an enrolled user needs a recent second factor.</summary>
    /// <param name="scope">The scope that an access token needs.</param>
    public async ValueTask<(MfaTokenState State, MfaCaller? Caller)> FindChangingCallerAsync(
        CallContext call, string token, string scope, CancellationToken cancellationToken)
    {
        var (state, caller) = await FindCallerAsync(call, token, scope, cancellationToken);
        return caller is { View: null, Factors.IsEnrolled: true } && clock.GetUtcNow() - caller.ProvedAt > MaxAgeOfSecondFactor
            ? (MfaTokenState.SecondFactorTooOld, null)
            : (state, caller);
    }

    /// <param name="scope">The scope that an access token needs.</param>
    public async ValueTask<(MfaTokenState State, MfaCaller? Caller)> FindCallerAsync(
        CallContext call, string token, string scope, CancellationToken cancellationToken)
    {
        if (await tokens.ValidateMfaAsync(call.Tenant, token) is not { } identity)
        {
            return await FindByAccessTokenAsync(call, token, scope, cancellationToken);
        }

        var (state, view) = await FindAsync(identity, clientId: null, mayBeAccepted: false, cancellationToken);
        return view is null
            ? (state, null)
            : (state, new MfaCaller(view.Transaction.UserId, view.Transaction.ClientId!, view.UserFactors) { View = view });
    }

    public static byte[] OriginIdOf(string accessToken) => SHA256.HashData(Encoding.UTF8.GetBytes(accessToken));

    private async ValueTask<(MfaTokenState State, TransactionView? View)> FindAsync(
        TransactionIdentity identity, string? clientId, bool mayBeAccepted, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var view = await database.ReadAsync(
            session => TransactionViewStore.FindAsync(session, identity, attemptId: "", now, cancellationToken), cancellationToken);
        if (view is not { Transaction: { Origin: MfaOrigin.OriginName } transaction } || !transaction.IsAlive(now)
            || !(transaction.TakesResponses || (mayBeAccepted && view.IsAlive(now))))
        {
            return (MfaTokenState.Expired, null);
        }

        return clientId is not null && clientId != transaction.ClientId ? (MfaTokenState.OfOtherClient, null) : (MfaTokenState.Live, view);
    }

    private async ValueTask<(MfaTokenState State, MfaCaller? Caller)> FindByAccessTokenAsync(
        CallContext call, string token, string scope, CancellationToken cancellationToken)
    {
        var result = await accessTokens.ValidateAsync(token, userTokens.MfaAudience, cancellationToken);
        if (result.Principal is not { } principal)
        {
            return (result == AccessTokenResult.Expired ? MfaTokenState.Expired : MfaTokenState.Malformed, null);
        }

        if (!principal.Scopes.Contains(scope))
        {
            return (MfaTokenState.ScopeMissing, null);
        }

        var (user, factors) = await database.ReadAsync(
            async session => (
                await UserStore.FindAsync(session, call.Tenant, principal.Subject, cancellationToken),
                await UserFactors.FindAsync(session, call.Tenant, principal.Subject, cancellationToken)),
            cancellationToken);
        if (user is null || user.Blocked == true)
        {
            return (MfaTokenState.Expired, null);
        }

        // A token from before the first enrollment, or one that a lost phone has proved, must not change the authenticators.
        if (factors.IsEnrolled && !factors.Confirmed.Any(authenticator => authenticator.Id == principal.ProvedBy))
        {
            return (MfaTokenState.SecondFactorMissing, null);
        }

        return (MfaTokenState.Live, new MfaCaller(user.UserId, principal.ClientId, factors)
        {
            Scopes = principal.Scopes,
            ProvedAt = principal.ProvedAt,
        });
    }
}
