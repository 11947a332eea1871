using Sallyport.Server.Audit;
using Sallyport.Server.Clients;
using Sallyport.Server.Factors;
using Sallyport.Server.Transactions;

namespace Sallyport.Server.MfaApi;

internal enum ChallengeOutcome
{
    Challenged,
    ClientUnauthorized,
    TokenMissing,

    /// <summary>See <see cref="ChallengeResult.TokenState"/>.</summary>
    TokenRefused,

    /// <summary>The user has no authenticator that could be challenged.</summary>
    NotEnrolled,
    AuthenticatorUnknown,

    /// <summary>The user has no authenticator of the requested types, or the client may not use their grant type.</summary>
    TypeNotSupported,

    /// <summary>Too many messages were sent.</summary>
    TooMany,
}

/// <param name="ChallengeId">The id of the challenge that was sent; null for an authenticator app.</param>
internal readonly record struct ChallengeResult(ChallengeOutcome Outcome, string? ChallengeId = null)
{
    public MfaTokenState TokenState { get; init; }

    /// <summary>How long until another message can be sent.</summary>
    public TimeSpan RetryAfter { get; init; }

    /// <summary>The user types a code. Otherwise they answer on their device, and the token endpoint is polled.</summary>
    public bool NeedsCode { get; init; }
}

/// <summary>Chooses an authenticator of a sign-in, and sends a code if it needs one.</summary>
internal sealed class ChallengeAuthenticator(AuthenticateClient authenticate, MfaTokens mfaTokens, SendChallenge send, FactorCatalog catalog)
{
    private const int MaxTypes = 10;

    public async ValueTask<ChallengeResult> RunAsync(
        TokenRequest request, CallContext call, string? acceptLanguage, CancellationToken cancellationToken)
    {
        if (await authenticate.RunAsync(call.Tenant, request, cancellationToken) is not { } client)
        {
            return new ChallengeResult(ChallengeOutcome.ClientUnauthorized);
        }

        if (request["mfa_token"] is not { } token)
        {
            return new ChallengeResult(ChallengeOutcome.TokenMissing);
        }

        var (state, view) = await mfaTokens.FindAsync(call, token, client.ClientId, mayBeAccepted: false, cancellationToken);
        if (view is null)
        {
            return new ChallengeResult(ChallengeOutcome.TokenRefused) { TokenState = state };
        }

        var (outcome, authenticator) = Choose(request, client, view);
        if (authenticator is null)
        {
            return new ChallengeResult(outcome);
        }

        var traits = catalog.TraitsOf(authenticator);
        if (MfaFactorNames.ChannelOf(traits) is null)
        {
            return new ChallengeResult(ChallengeOutcome.Challenged);
        }

        var identity = new TransactionIdentity(call.Tenant, view.Transaction.Id, view.Transaction.UserId);
        var sent = await send.RunAsync(
            call,
            new SendChallengeRequest(identity, catalog.Find(authenticator.Factor), acceptLanguage)
            {
                AuthenticatorId = authenticator.Id,
                Channel = MfaFactorNames.ChannelIn(request["authenticator_id"], traits)
                    ?? traits.Channels.FirstOrDefault(channel => channel == request["oob_channel"]),
            },
            cancellationToken);
        return sent.Outcome switch
        {
            SendChallengeOutcome.Sent => new ChallengeResult(ChallengeOutcome.Challenged, sent.ChallengeId)
            {
                NeedsCode = !catalog.IsOfDevice(authenticator),
            },
            SendChallengeOutcome.TooSoon or SendChallengeOutcome.TooMany or SendChallengeOutcome.QuotaExhausted =>
                new ChallengeResult(ChallengeOutcome.TooMany) { RetryAfter = sent.RetryAfter },
            SendChallengeOutcome.NotAvailable or SendChallengeOutcome.NotReachable or SendChallengeOutcome.NotConfigured or SendChallengeOutcome.AddressRefused
                or SendChallengeOutcome.CountryRefused or SendChallengeOutcome.Unavailable =>
                new ChallengeResult(ChallengeOutcome.TypeNotSupported),
            SendChallengeOutcome.TransactionGone => new ChallengeResult(ChallengeOutcome.TokenRefused) { TokenState = MfaTokenState.Expired },
        };
    }

    /// <summary>The newest of those that match. Candidates are sorted: newest first.</summary>
    private (ChallengeOutcome Outcome, Authenticator? Authenticator) Choose(TokenRequest request, AuthenticatedClient client, TransactionView view)
    {
        var answerable = view.Candidates
            .Where(candidate => catalog.Find(candidate.Factor) is { Traits.IsFallback: false } factor && factor.CanAnswer(candidate))
            .OrderByDescending(candidate => candidate.PreferredAt).ThenByDescending(candidate => candidate.EnrolledAt).ThenBy(candidate => catalog.TraitsOf(candidate).Rank).ToList();
        if (answerable.Count == 0)
        {
            return (ChallengeOutcome.NotEnrolled, null);
        }

        var named = request["authenticator_id"] is { } id
            ? answerable.Where(candidate => MfaFactorNames.IsIdOf(id, candidate, catalog.TraitsOf(candidate))).ToList()
            : answerable;
        if (named.Count == 0)
        {
            return (ChallengeOutcome.AuthenticatorUnknown, null);
        }

        var types = request["challenge_type"]?.Split(' ', MaxTypes, StringSplitOptions.RemoveEmptyEntries) ?? MfaFactorNames.ChallengeTypes;
        var chosen = named.FirstOrDefault(candidate =>
            MfaFactorNames.AuthenticatorTypeOf(catalog.TraitsOf(candidate)) is var type
            && types.Contains(type, StringComparer.Ordinal)
            && (request["oob_channel"] is not { } wanted || type != MfaFactorNames.OutOfBand
                || catalog.FindByChannel(wanted)?.Traits == catalog.TraitsOf(candidate))
            && client.MayUse(type == MfaFactorNames.Otp ? GrantType.MfaOtp : GrantType.MfaOob));
        return (ChallengeOutcome.TypeNotSupported, chosen);
    }
}
