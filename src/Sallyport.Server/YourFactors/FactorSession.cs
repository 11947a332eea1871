using System.Security.Cryptography;
using System.Text;
using Sallyport.Server.Audit;
using Sallyport.Server.Configuration;
using Sallyport.Server.Http;
using Sallyport.Server.Security;
using Sallyport.Server.SignIn;
using Sallyport.Server.SignIn.OpenIdConnect;
using Sallyport.Server.Storage;
using Sallyport.Server.Transactions;
using Sallyport.Server.Users;

namespace Sallyport.Server.YourFactors;

/// <summary>
/// A user who has just proved a second factor, and may change the factors in this browser. Its row is the sign-in that proved it, so it ends
/// with everything that ends a sign-in.
/// </summary>
/// <param name="SignIn">Accepted and used.</param>
internal sealed record FactorSession(Transaction SignIn, User User)
{
    /// <summary>How long after the second factor was proved.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    public string UserId => User.UserId;

    /// <summary>It was opened by adding a factor.</summary>
    public bool HasAdded => SignInData.Parse(SignIn.OriginData!).Adds is not null;

    public override string ToString() => UserId;
}

/// <summary>Opens and finds sessions.</summary>
internal sealed class FactorSessions(Database database, OutcomeTokens outcomes, AuthorizationSecrets authorizations, SecretHash hash, TimeProvider clock)
{
    /// <summary>Opens a session with the signed result of a sign-in that leads to this page. It works once.</summary>
    /// <param name="address">The address of this page.</param>
    /// <returns>The value of the cookie; null if the result cannot be used.</returns>
    public async ValueTask<string?> OpenAsync(CallContext call, string? signature, string address, CancellationToken cancellationToken)
    {
        if (signature is null || await outcomes.FindTransactionIdAsync(signature) is not { } id)
        {
            return null;
        }

        return await database.WriteAsync(
            async unit =>
            {
                var signIn = await TransactionStore.FindAsync(unit, call.Tenant, SignInOrigin.OriginName, id, cancellationToken);
                if (signIn is null || SignInData.Parse(signIn.OriginData!) is not { Authorization: null } data || data.PostActionUrl != address)
                {
                    return null;
                }

                unit.Enqueue(AttemptLimit.HoldIfExists(call.Tenant, signIn.UserId));
                return await KeepAsync(unit, signIn, await unit.TryApplyAsync([TransactionStore.Redeem(signIn, clock.GetUtcNow())], cancellationToken));
            },
            cancellationToken);
    }

    /// <summary>Opens a session with the code of an authorization that leads to this page. It works once, and only in the browser that has begun it.</summary>
    /// <param name="returned">The code, the secret of the browser that has begun it, and the address of this page.</param>
    /// <returns>The value of the cookie; null if the code cannot be used.</returns>
    public ValueTask<string?> OpenAsync(CallContext call, (string Code, string Verifier, string Address) returned, CancellationToken cancellationToken)
    {
        var codeHash = authorizations.HashCode(returned.Code);
        return database.WriteAsync(
            async unit =>
            {
                var authorization = await AuthorizationStore.FindByCodeAsync(unit, call.Tenant, codeHash, cancellationToken);
                if (authorization?.UserId is not { } userId || authorization.Request.RedirectUri != returned.Address
                    || authorization.Request.CodeChallenge != AuthorizationSecrets.ChallengeOf(returned.Verifier))
                {
                    return null;
                }

                unit.Enqueue(AttemptLimit.HoldIfExists(call.Tenant, userId));
                var isExchanged = await unit.TryApplyAsync([AuthorizationStore.Exchange(call.Tenant, codeHash, clock.GetUtcNow())], cancellationToken);
                var signIn = await TransactionStore.FindAsync(
                    unit, call.Tenant, SignInOrigin.OriginName, authorization.TransactionId!, cancellationToken);
                if (signIn is null)
                {
                    unit.Abandon();
                    return null;
                }

                return await KeepAsync(unit, signIn, isExchanged);
            },
            cancellationToken);
    }

    /// <param name="cookie">Null if the browser has none.</param>
    /// <returns>The session, null if there is none or it has ended; and the client from which the user came, if the cookie is genuine.</returns>
    public async ValueTask<(FactorSession? Session, string? ClientId)> FindAsync(CallContext call, string? cookie, CancellationToken cancellationToken)
    {
        if (cookie?.Split('.') is not [var id, var proof] || !IsProof(id, proof))
        {
            return (null, null);
        }

        var now = clock.GetUtcNow();
        return await database.ReadAsync(
            async session =>
            {
                var signIn = await TransactionStore.FindAsync(session, call.Tenant, SignInOrigin.OriginName, id, cancellationToken);
                var user = signIn is { ProvedBy: not null, RedeemedAt: not null } && signIn.IsAlive(now)
                    ? await UserStore.FindAsync(session, call.Tenant, signIn.UserId, cancellationToken)
                    : null;
                return (user is { Blocked: not true } ? new FactorSession(signIn!, user) : null, signIn?.ClientId);
            },
            cancellationToken);
    }

    private ValueTask<string?> KeepAsync(UnitOfWork unit, Transaction signIn, bool isUsed)
    {
        if (!isUsed || signIn is not { ProvedBy: not null, AcceptedAt: { } acceptedAt })
        {
            unit.Abandon();
            return ValueTask.FromResult<string?>(null);
        }

        unit.Enqueue(TransactionStore.ExpireAt(signIn, acceptedAt + FactorSession.Lifetime, clock.GetUtcNow()));
        return ValueTask.FromResult<string?>($"{signIn.Id}.{ProofOf(signIn.Id)}");
    }

    private string ProofOf(string transactionId) => Convert.ToHexStringLower(hash.FactorSession(transactionId));

    private bool IsProof(string transactionId, string proof) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(ProofOf(transactionId)), Encoding.UTF8.GetBytes(proof));
}

/// <summary>The cookies of the page: of a session, and of the sign-in that leads to one.</summary>
internal sealed class YourFactorsCookies(SallyportOptions options)
{
    private const string Session = "your-factors";
    private const string SignIn = "your-factors-sign-in";

    private readonly HostCookie cookie = new(options);

    public string? FindSession(HttpRequest request) => cookie.Find(request, Session);

    public void SetSession(HttpResponse response, string value) => cookie.Set(response, Session, value, TimeSpan.FromDays(1));

    public string? FindSignIn(HttpRequest request) => cookie.Find(request, SignIn);

    public void SetSignIn(HttpResponse response, string verifier) => cookie.Set(response, SignIn, verifier, OpenAuthorizations.Lifetime);

    public void DeleteSignIn(HttpResponse response) => cookie.Delete(response, SignIn);
}
