using Sallyport.Protocols.Otp;
using Sallyport.Server.Audit;
using Sallyport.Server.Clients;
using Sallyport.Server.Factors;
using Sallyport.Server.Storage;
using Sallyport.Server.Transactions;
using Sallyport.Server.Users;

namespace Sallyport.Server.MfaApi;

internal enum AssociateOutcome
{
    Begun,

    /// <summary>See <see cref="AssociateResult.TokenState"/>.</summary>
    TokenRefused,

    /// <summary>With an <c>mfa_token</c> only the first authenticator can be enrolled.</summary>
    AlreadyEnrolled,

    /// <summary>The factor does not exist or is off, the user has no verified address for it, or users may not enroll by themselves.</summary>
    NotOffered,

    /// <summary>Codes are sent to the user's own verified address only.</summary>
    OtherAddress,

    /// <summary>The factor needs an address, such as a phone number.</summary>
    AddressMissing,

    /// <summary>Nothing may be sent to the phone number.</summary>
    AddressRefused,

    /// <summary>The tenant has not allowed the country of the phone.</summary>
    CountryRefused,

    /// <summary>Too many messages were sent.</summary>
    TooMany,

    /// <summary>The token has begun too many enrollments.</summary>
    TooManyStarts,
}

internal readonly record struct AssociateResult(AssociateOutcome Outcome)
{
    public MfaTokenState TokenState { get; init; }

    public NewAssociation? Association { get; init; }

    /// <summary>How long until another message can be sent.</summary>
    public TimeSpan RetryAfter { get; init; }

    public override string ToString() => Outcome.ToString();
}

/// <summary>The secrets and addresses that are shown once to the user who associates an authenticator.</summary>
internal sealed record NewAssociation(FactorTraits Traits)
{
    public string? Secret { get; init; }

    public string? BarcodeUri { get; init; }

    public string? ChallengeId { get; init; }

    /// <summary>The channel on which the code was sent, or the device is reached.</summary>
    public string? Channel { get; init; }

    /// <summary>The user types the code that was sent.</summary>
    public bool NeedsCode { get; init; }

    public string? RecoveryCode { get; init; }

    public override string ToString() => "***";
}

/// <param name="Methods">The Guardian methods of the factors, or the channels, that the caller can handle, the preferred one first.</param>
/// <param name="Email">The address that the caller expects; null for the user's own.</param>
internal sealed record AssociateRequest(string Token, IReadOnlyList<string> Methods, string? Email, string? AcceptLanguage)
{
    /// <summary>The number to enroll, as it was sent.</summary>
    public string? PhoneNumber { get; init; }

    public override string ToString() => "***";
}

/// <summary>Begins to enroll an authenticator. It has no effect until the token endpoint has accepted a code of it.</summary>
internal sealed class AssociateAuthenticator(
    MfaTokens mfaTokens, MfaTransactions transactions, StartTransaction start, SendChallenge send, EnrollAddress enroll)
{
    public async ValueTask<AssociateResult> RunAsync(CallContext call, AssociateRequest request, CancellationToken cancellationToken)
    {
        var (state, caller) = await mfaTokens.FindChangingCallerAsync(call, request.Token, UserTokens.EnrollScope, cancellationToken);
        if (caller is null)
        {
            return new AssociateResult(AssociateOutcome.TokenRefused) { TokenState = state };
        }

        if (caller is { View: not null, Factors.IsEnrolled: true })
        {
            return new AssociateResult(AssociateOutcome.AlreadyEnrolled);
        }

        var (method, factor) = transactions.FindFactor(request.Methods);
        if (factor is null)
        {
            return new AssociateResult(AssociateOutcome.NotOffered);
        }

        if (factor is IAddressedFactor && request.PhoneNumber is null)
        {
            return new AssociateResult(AssociateOutcome.AddressMissing);
        }

        call = call with { Source = call.Source with { ClientId = caller.ClientId } };
        var mfaToken = caller.View is null ? await transactions.CreateAsync(call, caller, request.Token, cancellationToken) : request.Token;
        if (mfaToken is null)
        {
            return new AssociateResult(AssociateOutcome.TokenRefused) { TokenState = MfaTokenState.Expired };
        }

        var (outcome, started) = await start.RunAsync(
            call,
            new StartTransactionRequest(transactions.Origin, mfaToken, StateTransport: null) { Factor = factor.Traits.Name },
            cancellationToken);
        if (outcome != StartOutcome.Started)
        {
            return outcome == StartOutcome.TooManyTransactions
                ? new AssociateResult(AssociateOutcome.TooManyStarts)
                : new AssociateResult(AssociateOutcome.TokenRefused) { TokenState = MfaTokenState.Expired };
        }

        if (started!.Begun.FirstOrDefault(begun => begun.Authenticator.IsEnrollment) is not { } begun)
        {
            return new AssociateResult(
                started.User.IsEnrolled && caller.View is not null ? AssociateOutcome.AlreadyEnrolled : AssociateOutcome.NotOffered);
        }

        if (request.Email is { } email && UserRules.NormalizeEmail(email) != factor.Describe(begun.Authenticator).Email)
        {
            return new AssociateResult(AssociateOutcome.OtherAddress);
        }

        return await ShowAsync(call, request, (method, factor, begun), started, cancellationToken);
    }

    private async ValueTask<AssociateResult> ShowAsync(
        CallContext call, AssociateRequest request, (string Method, IFactor Factor, NewAuthenticator Begun) pending, StartedTransaction started,
        CancellationToken cancellationToken)
    {
        var (traits, transaction) = (pending.Factor.Traits, started.Transaction);
        var recoveryCode = started.Begun.Select(created => created.RecoveryCode).FirstOrDefault(code => code is not null);
        if (pending.Factor is IDeviceFactor)
        {
            return new AssociateResult(AssociateOutcome.Begun)
            {
                Association = new NewAssociation(traits)
                {
                    BarcodeUri = await DeviceUriAsync(call.Tenant, transaction.UserId, started.EnrollmentId!, cancellationToken),
                    ChallengeId = pending.Begun.Authenticator.Id,
                    Channel = traits.Channel,
                    RecoveryCode = recoveryCode,
                },
            };
        }

        var sent = default(SendChallengeResult);
        if (MfaFactorNames.ChannelOf(traits) is not null)
        {
            (var outcome, sent) = await SendAsync(
                call, request, (pending.Method, pending.Factor, pending.Begun.Authenticator.Id), transaction, cancellationToken);
            if (outcome != AssociateOutcome.Begun)
            {
                return new AssociateResult(outcome) { RetryAfter = sent.RetryAfter };
            }
        }

        return new AssociateResult(AssociateOutcome.Begun)
        {
            Association = new NewAssociation(traits)
            {
                Secret = pending.Begun.OtpSecret,
                BarcodeUri = await BarcodeUriAsync(call.Tenant, transaction.UserId, pending.Begun.OtpSecret, cancellationToken),
                ChallengeId = sent.ChallengeId,
                NeedsCode = sent.ChallengeId is not null,
                Channel = sent.Channel ?? MfaFactorNames.ChannelOf(traits),
                RecoveryCode = recoveryCode,
            },
        };
    }

    private async ValueTask<(AssociateOutcome Outcome, SendChallengeResult Sent)> SendAsync(
        CallContext call, AssociateRequest request, (string Method, IFactor Factor, string AuthenticatorId) pending, Transaction transaction,
        CancellationToken cancellationToken)
    {
        var identity = new TransactionIdentity(call.Tenant, transaction.Id, transaction.UserId);
        var channel = pending.Factor.Traits.Channels.FirstOrDefault(channel => channel == pending.Method);
        if (pending.Factor is IAddressedFactor)
        {
            var enrolled = await enroll.RunAsync(
                call,
                new EnrollAddressRequest(identity, pending.Factor, request.PhoneNumber!, request.AcceptLanguage)
                {
                    AuthenticatorId = pending.AuthenticatorId,
                    Channel = channel,
                },
                cancellationToken);
            return (OutcomeOf(enrolled.Outcome), enrolled.Sent);
        }

        var sent = await send.RunAsync(
            call,
            new SendChallengeRequest(identity, pending.Factor, request.AcceptLanguage) { AuthenticatorId = pending.AuthenticatorId },
            cancellationToken);
        return (sent.Outcome switch
        {
            SendChallengeOutcome.Sent => AssociateOutcome.Begun,
            SendChallengeOutcome.TooSoon or SendChallengeOutcome.TooMany or SendChallengeOutcome.QuotaExhausted => AssociateOutcome.TooMany,
            SendChallengeOutcome.AddressRefused => AssociateOutcome.AddressRefused,
            SendChallengeOutcome.CountryRefused => AssociateOutcome.CountryRefused,
            SendChallengeOutcome.NotAvailable or SendChallengeOutcome.NotReachable or SendChallengeOutcome.NotConfigured or SendChallengeOutcome.Unavailable
                or SendChallengeOutcome.TransactionGone =>
                AssociateOutcome.NotOffered,
        }, sent);
    }

    private static AssociateOutcome OutcomeOf(EnrollAddressOutcome outcome) => outcome switch
    {
        EnrollAddressOutcome.Sent => AssociateOutcome.Begun,
        EnrollAddressOutcome.AddressRefused => AssociateOutcome.AddressRefused,
        EnrollAddressOutcome.CountryRefused => AssociateOutcome.CountryRefused,
        EnrollAddressOutcome.Exists => AssociateOutcome.AlreadyEnrolled,
        EnrollAddressOutcome.TooMany => AssociateOutcome.TooMany,
        EnrollAddressOutcome.NotAvailable or EnrollAddressOutcome.TransactionGone => AssociateOutcome.NotOffered,
    };

    private async ValueTask<string?> BarcodeUriAsync(TenantId tenant, string userId, string? secret, CancellationToken cancellationToken)
    {
        if (secret is null || !Base32.TryDecode(secret, out var key))
        {
            return null;
        }

        var (issuer, account) = await transactions.FindNamesAsync(tenant, userId, cancellationToken);
        return OtpAuthUri.ForTotp(issuer, account, key, TotpParameters.Default);
    }

    /// <summary>What the SDKs for phones read from a QR code (docs/wire.md §4.7).</summary>
    private async ValueTask<string> DeviceUriAsync(TenantId tenant, string userId, string enrollmentId, CancellationToken cancellationToken)
    {
        var (issuer, account) = await transactions.FindNamesAsync(tenant, userId, cancellationToken);
        return $"otpauth://totp/{Uri.EscapeDataString(issuer)}:{Uri.EscapeDataString(account)}"
            + $"?enrollment_tx_id={enrollmentId}&base_url={Uri.EscapeDataString(transactions.GuardianUrl)}";
    }
}
