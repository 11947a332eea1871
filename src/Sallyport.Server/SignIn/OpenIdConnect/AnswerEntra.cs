using Sallyport.Server.Audit;
using Sallyport.Server.Clients;
using Sallyport.Server.Factors;
using Sallyport.Server.Storage;
using Sallyport.Server.Transactions;

namespace Sallyport.Server.SignIn.OpenIdConnect;

/// <summary>The ID token that tells Entra that the user has proved the second factor, in place of a code.</summary>
internal sealed class AnswerEntra(Database database, EntraHints hints, AccessTokens tokens)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    /// <param name="used">The client's settings, and the sign-in whose result was used for this authorization.</param>
    /// <returns>Null if no second factor was used, or not that of the user of the hint.</returns>
    public async ValueTask<string?> FindTokenAsync(
        CallContext call, OpenAuthorization authorization, (EntraSettings Settings, Transaction Accepted) used, CancellationToken cancellationToken)
    {
        var (settings, accepted) = used;
        if (accepted.ProvedBy is not { } provedBy || hints.Read(authorization.Request["id_token_hint"]!, settings) is not { } user
            || await hints.FindUserAsync(call, user, settings, cancellationToken) != accepted.UserId)
        {
            return null;
        }

        var authenticator = await database.ReadAsync(
            session => AuthenticatorStore.FindAsync(session, call.Tenant, provedBy, cancellationToken), cancellationToken);
        var demand = EntraDemand.Parse(authorization.Request[EntraRules.ClaimsName]).Demand!;
        var method = authenticator is null ? null : accepted.Amr?.Split(' ').FirstOrDefault(amr => demand.Admits([amr]));
        return method is null
            ? null
            : tokens.Issue(authorization.Client.ClientId, Lifetime, new Dictionary<string, object>
            {
                ["sub"] = user.Subject,
                ["nonce"] = authorization.Request["nonce"]!,
                ["acr"] = demand.Context,
                // Entra takes one method only.
                ["amr"] = new[] { method },
            });
    }
}
