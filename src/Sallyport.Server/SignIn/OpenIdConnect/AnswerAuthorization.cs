using Sallyport.Server.Audit;
using Sallyport.Server.Security;
using Sallyport.Server.Storage;
using Sallyport.Server.Transactions;

namespace Sallyport.Server.SignIn.OpenIdConnect;

/// <summary>Uses the result of a sign-in, once, and answers the client with a code, or Microsoft Entra with an ID token.</summary>
internal sealed class AnswerAuthorization(
    Database database, AuditLog audit, AuthorizationSecrets secrets, AnswerEntra entra, AuthorizationResponses responses)
{
    private static readonly TimeSpan CodeLifetime = TimeSpan.FromSeconds(60);

    /// <param name="accepted">Its result belongs to this authorization.</param>
    public async ValueTask<AuthorizationResult> RunAsync(
        CallContext call, OpenAuthorization authorization, Transaction accepted, CancellationToken cancellationToken)
    {
        var code = EntraSettings.Of(authorization.Client) is null ? AuthorizationSecrets.NewSecret() : null;
        var source = call.Source with { ClientId = authorization.Client.ClientId };
        var isAnswered = await database.WriteAsync(
            async unit =>
            {
                var now = secrets.Now;
                // A block or a reset of the factors happens before this or after it, never at the same time.
                unit.Enqueue(AttemptLimit.HoldIfExists(accepted.Tenant, accepted.UserId));
                if (!await unit.TryApplyAsync(
                    [
                        TransactionStore.Redeem(accepted, now),
                        AuthorizationStore.Answer(authorization.Id, accepted, code is null ? null : (secrets.HashCode(code), now + CodeLifetime), now),
                    ],
                    cancellationToken))
                {
                    return false;
                }

                audit.Add(unit, call.Tenant, new AuditEntry(AuditTypes.SignedIn, source) { UserId = accepted.UserId });
                return true;
            },
            cancellationToken);
        if (!isAnswered)
        {
            return responses.Error(authorization, "access_denied", "The sign-in has ended before its result was used");
        }

        return code is not null ? responses.Code(authorization, code)
            : await entra.FindTokenAsync(call, authorization, accepted, cancellationToken) is { } token
            ? responses.IdToken(authorization, token)
            : responses.Error(authorization, "access_denied", "The second factor is not what was asked for");
    }
}
