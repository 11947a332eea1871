using Sallyport.Server.Audit;
using Sallyport.Server.Factors;
using Sallyport.Server.Policies;
using Sallyport.Server.Transactions;

namespace Sallyport.Server.SignIn.OpenIdConnect;

/// <summary>
/// Begins the second factor for Microsoft Entra, which has checked the first one and says for whom in a token that it has signed. The factor is
/// always asked for: neither a policy nor a remembered browser makes it unnecessary, because Entra has decided that it is needed.
/// </summary>
internal sealed class StartEntra(
    EntraHints hints, OpenAuthorizations authorizations, CreateSignIn create, FactorCatalog catalog, AuthorizationContext context)
{
    public async ValueTask<AuthorizationResult> RunAsync(
        CallContext call, OpenAuthorization authorization, EntraSettings settings, CancellationToken cancellationToken)
    {
        var request = authorization.Request;
        var demand = EntraDemand.Parse(request[EntraRules.ClaimsName]).Demand!;
        string[] admitted = [.. catalog.Verifiable.Where(traits => demand.Admits(traits.Amr)).Select(traits => traits.Name)];
        if (admitted.Length == 0)
        {
            return Refuse(authorization, "access_denied", "None of the requested amr values can be fulfilled");
        }

        var (outcome, user) = await hints.VerifyAsync(request[AuthorizationRequest.HintName]!, settings, cancellationToken);
        if (user is null)
        {
            return outcome == EntraHintOutcome.Unavailable
                ? Refuse(authorization, "temporarily_unavailable", "The keys of Microsoft Entra cannot be fetched")
                : Refuse(authorization, "invalid_request", "The id_token_hint is not a recent token of the tenant for this client");
        }

        if (await hints.FindUserAsync(call, user, settings, cancellationToken) is not { } userId)
        {
            return Refuse(authorization, "access_denied", "There is no such user");
        }

        return request.IsSilent
            ? Refuse(authorization, "interaction_required", "The user needs a second factor")
            : await AskAsync(call, authorization with { Request = request.ReplaceHint(userId, user.Subject) }, admitted, cancellationToken);
    }

    private async ValueTask<AuthorizationResult> AskAsync(
        CallContext call, OpenAuthorization authorization, string[] factors, CancellationToken cancellationToken)
    {
        var request = new CreateSignInRequest
        {
            UserId = authorization.Request.HintedUser!,
            ClientId = authorization.Client.ClientId,
            PostActionUrl = context.ResumeUrl,
            Factors = factors,
            AcrValues = AuthenticationContext.MultiFactor,
            Ip = call.Source.Address,
        };
        var binding = await authorizations.AddAsync(call, authorization, cancellationToken);
        var purpose = new SignInPurpose(new SignInAuthorization(authorization.Id, authorization.Request.RedirectUri, FirstFactor: null));
        var (outcome, created) = await create.RunAsync(call, request, purpose, cancellationToken);
        return outcome == CreateSignInOutcome.Created && created!.Transaction.State == TransactionState.Pending
            ? AuthorizationResult.Ask(context.PageUrlOf(authorization, created)) with { Binding = binding }
            : Refuse(authorization, "access_denied", "The user is blocked or does not exist any more");
    }

    private AuthorizationResult Refuse(OpenAuthorization authorization, string error, string description) =>
        context.Responses.Error(authorization.Request, new AuthorizationFault(error, description));
}
