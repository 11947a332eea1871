using System.Security.Cryptography;
using System.Text;
using Sallyport.Server.Audit;
using Sallyport.Server.Clients;
using Sallyport.Server.Security;
using Sallyport.Server.Storage;
using Sallyport.Server.Transactions;
using Sallyport.Server.Users;

namespace Sallyport.Server.SignIn.OpenIdConnect;

internal enum ExchangeCodeOutcome
{
    Issued,
    ClientUnauthorized,
    GrantTypeNotAllowed,
    ParameterMissing,

    /// <summary>It is unknown, was used, has expired or was ended; or it belongs to another client, redirect address or browser.</summary>
    CodeInvalid,

    /// <summary>There is no such API, or the client may not get tokens of users for it.</summary>
    ApiNotAllowed,
}

internal readonly record struct ExchangeCodeResult(ExchangeCodeOutcome Outcome)
{
    public TokenResponse? Token { get; init; }

    /// <summary>The parameter that is missing.</summary>
    public string? Parameter { get; init; }

    public override string ToString() => Outcome.ToString();
}

/// <summary>The grant type <c>authorization_code</c> (RFC 6749 section 4.1.3).</summary>
internal sealed class ExchangeCode(
    Database database, AuthenticateClient authenticate, UserTokens tokens, AuditLog audit, AuthorizationSecrets secrets)
{
    private static readonly string[] Required = ["code", "redirect_uri"];

    public async ValueTask<ExchangeCodeResult> RunAsync(TokenRequest request, CallContext call, CancellationToken cancellationToken)
    {
        if (await authenticate.RunAsync(call.Tenant, request, cancellationToken) is not { } client)
        {
            await RefuseAsync(call, (UserId: null, "The client is unknown or its secret is wrong"), codeHash: null, cancellationToken);
            return new ExchangeCodeResult(ExchangeCodeOutcome.ClientUnauthorized);
        }

        if (!client.MayUse(GrantType.AuthorizationCode))
        {
            return new ExchangeCodeResult(ExchangeCodeOutcome.GrantTypeNotAllowed);
        }

        if (Required.FirstOrDefault(name => request[name] is null) is { } missing)
        {
            return new ExchangeCodeResult(ExchangeCodeOutcome.ParameterMissing) { Parameter = missing };
        }

        var hash = secrets.HashCode(request["code"]!);
        var authorization = await database.ReadAsync(
            session => AuthorizationStore.FindByCodeAsync(session, call.Tenant, hash, cancellationToken), cancellationToken);
        if (FindFault(request, authorization, client) is { } fault)
        {
            var isOwn = authorization?.ClientId == client.ClientId;
            await RefuseAsync(call, (authorization?.UserId, fault), isOwn ? hash : null, cancellationToken);
            return new ExchangeCodeResult(ExchangeCodeOutcome.CodeInvalid);
        }

        return await IssueAsync(call, client, authorization!, hash, cancellationToken);
    }

    private async ValueTask<ExchangeCodeResult> IssueAsync(
        CallContext call, AuthenticatedClient client, StoredAuthorization authorization, byte[] hash, CancellationToken cancellationToken)
    {
        var requested = (authorization.Request.Audience, authorization.Request.Scope);
        var target = await database.ReadAsync(
            session => tokens.FindTargetAsync(session, call.Tenant, client, requested, cancellationToken), cancellationToken);
        if (target is null)
        {
            return new ExchangeCodeResult(ExchangeCodeOutcome.ApiNotAllowed);
        }

        var (user, transaction) = await database.WriteAsync(unit => UseAsync(unit, call, authorization, hash, cancellationToken), cancellationToken);
        if (user is null)
        {
            await RefuseAsync(call, (authorization.UserId, "The code was used before, has expired or was ended"), hash, cancellationToken);
            return new ExchangeCodeResult(ExchangeCodeOutcome.CodeInvalid);
        }

        return new ExchangeCodeResult(ExchangeCodeOutcome.Issued)
        {
            Token = tokens.Issue(user, client, target, GroundsOf(authorization, transaction!)),
        };
    }

    private async ValueTask<(User? User, Transaction? Transaction)> UseAsync(
        UnitOfWork unit, CallContext call, StoredAuthorization authorization, byte[] hash, CancellationToken cancellationToken)
    {
        // A block or a reset of the factors happens before this or after it, never at the same time.
        unit.Enqueue(AttemptLimit.HoldIfExists(call.Tenant, authorization.UserId!));
        if (await unit.ExecuteAsync(AuthorizationStore.Exchange(call.Tenant, hash, secrets.Now), cancellationToken) == 0
            || await UserStore.FindAsync(unit, call.Tenant, authorization.UserId!, cancellationToken) is not { Blocked: not true } user
            || await TransactionStore.FindAsync(unit, call.Tenant, SignInOrigin.OriginName, authorization.TransactionId!, cancellationToken)
                is not { } transaction)
        {
            unit.Abandon();
            return (null, null);
        }

        audit.Add(unit, call.Tenant, new AuditEntry(AuditTypes.CodeExchanged, call.Source) { UserId = user.UserId });
        return (user, transaction);
    }

    /// <summary>The description is logged and not shown: whoever presents a stolen code learns nothing about it.</summary>
    private static string? FindFault(TokenRequest request, StoredAuthorization? authorization, AuthenticatedClient client) =>
        authorization is null ? "The code is unknown"
        : authorization.ClientId != client.ClientId ? "The code belongs to another client"
        : authorization.ExchangedAt is not null ? "The code was used before"
        : authorization.Request.RedirectUri != request["redirect_uri"] ? "The redirect_uri is not the one of the request"
        : !CallbackAddress.IsRedirectUriOf(client.Settings.Callbacks, authorization.Request.RedirectUri)
            ? "The redirect_uri is not one of the client's callbacks any more"
        : !IsVerifier(request["code_verifier"], authorization.Request.CodeChallenge)
            ? "The code_verifier does not belong to the code_challenge of the request"
        : null;

    /// <summary>A verifier without a challenge is refused, too: the challenge was removed on the way (RFC 9700 section 4.8.2).</summary>
    private static bool IsVerifier(string? verifier, string? challenge) =>
        verifier is null || challenge is null
            ? verifier is null && challenge is null
            : CryptographicOperations.FixedTimeEquals(
                Encoding.ASCII.GetBytes(AuthorizationSecrets.ChallengeOf(verifier)), Encoding.ASCII.GetBytes(challenge));

    private static TokenGrounds GroundsOf(StoredAuthorization authorization, Transaction transaction)
    {
        var claims = new Dictionary<string, object> { ["auth_time"] = transaction.AcceptedAt!.Value.ToUnixTimeSeconds() };
        var firstFactor = SignInData.Parse(transaction.OriginData!).Authorization?.FirstFactor?.Split(' ') ?? [];
        string[] methods = [.. SignInOrigin.MethodsOf(transaction), .. firstFactor];
        if (methods.Length > 0)
        {
            claims["amr"] = methods;
        }

        if (SignInOrigin.ContextOf(transaction) is { } context)
        {
            claims["acr"] = context;
        }

        if (authorization.Request["nonce"] is { } nonce)
        {
            claims["nonce"] = nonce;
        }

        return new TokenGrounds
        {
            TokenId = authorization.Id,
            ProvedBy = transaction.ProvedBy,
            ProvedAt = transaction.AcceptedAt,
            IdClaims = claims,
        };
    }

    /// <summary>
    /// Logs a refusal. If the code was used before, one of those who have presented it has stolen it, so the tokens that it has given are revoked
    /// (RFC 6749 section 4.1.2).
    /// </summary>
    /// <param name="codeHash">Null if the client has no such code.</param>
    private ValueTask RefuseAsync(
        CallContext call, (string? UserId, string Reason) refusal, byte[]? codeHash, CancellationToken cancellationToken) =>
        database.WriteAsync(
            unit =>
            {
                if (codeHash is not null)
                {
                    unit.Enqueue(AuthorizationStore.Revoke(call.Tenant, codeHash, secrets.Now));
                }

                var entry = new AuditEntry(AuditTypes.CodeNotExchanged, call.Source)
                {
                    UserId = refusal.UserId,
                    Details = $$"""{"error":"{{refusal.Reason}}"}""",
                };
                audit.AddSignInRefusal(unit, call.Tenant, entry, cause: refusal.Reason);
                return ValueTask.CompletedTask;
            },
            cancellationToken);
}
