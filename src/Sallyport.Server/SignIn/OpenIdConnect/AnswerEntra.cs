using Sallyport.Server.Audit;
using Sallyport.Server.Clients;
using Sallyport.Server.Factors;
using Sallyport.Server.Storage;
using Sallyport.Server.Transactions;

namespace Sallyport.Server.SignIn.OpenIdConnect;

/// <summary>The ID token that tells Entra that the user has proved the second factor, in place of a code.</summary>
internal sealed class AnswerEntra(Database database, AccessTokens tokens)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    /// <param name="accepted">The sign-in whose result was used for this authorization.</param>
    /// <returns>Null if no second factor was used, or not that of the user of the hint.</returns>
    public async ValueTask<string?> FindTokenAsync(
        CallContext call, OpenAuthorization authorization, Transaction accepted, CancellationToken cancellationToken)
    {
        var request = authorization.Request;
        if (accepted.ProvedBy is not { } provedBy || request.HintedUser != accepted.UserId || request.HintedSubject is not { } subject)
        {
            return null;
        }

        var authenticator = await database.ReadAsync(
            session => AuthenticatorStore.FindAsync(session, call.Tenant, provedBy, cancellationToken), cancellationToken);
        var demand = EntraDemand.Parse(request[EntraRules.ClaimsName]).Demand!;
        var method = authenticator is null ? null : accepted.Amr?.Split(' ').FirstOrDefault(amr => demand.Admits([amr]));
        return method is null
            ? null
            : tokens.Issue(authorization.Client.ClientId, Lifetime, new Dictionary<string, object>
            {
                ["sub"] = subject,
                ["nonce"] = request["nonce"]!,
                ["acr"] = demand.Context,
                // Entra takes one method only.
                ["amr"] = new[] { method },
            });
    }
}
