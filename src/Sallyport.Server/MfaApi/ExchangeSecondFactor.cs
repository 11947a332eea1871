using Sallyport.Server.Audit;
using Sallyport.Server.Clients;
using Sallyport.Server.Factors;
using Sallyport.Server.Http.RateLimiting;
using Sallyport.Server.Storage;
using Sallyport.Server.Transactions;

namespace Sallyport.Server.MfaApi;

internal enum ExchangeSecondFactorOutcome
{
    Issued,
    ClientUnauthorized,
    GrantTypeNotAllowed,
    ParameterMissing,
    TokenMalformed,
    TokenExpired,
    TokenOfOtherClient,
    ApiNotAllowed,
    WrongResponse,
    TooManyAttempts,

    /// <summary>The user has not answered on their device yet.</summary>
    Pending,

    /// <summary>The client asks too often whether the user has answered.</summary>
    PollsTooOften,

    /// <summary>The user has rejected the sign-in on their device.</summary>
    Rejected,
    EnrolledElsewhere,
}

internal readonly record struct ExchangeSecondFactorResult(ExchangeSecondFactorOutcome Outcome)
{
    public TokenResponse? Token { get; init; }

    /// <summary>The parameter that is missing, or whose value is wrong.</summary>
    public string? Parameter { get; init; }

    public TimeSpan RetryAfter { get; init; }

    public override string ToString() => Outcome.ToString();
}

/// <summary>
/// The grant types <c>mfa-otp</c>, <c>mfa-oob</c> and <c>mfa-recovery-code</c>: proves the transaction of an <c>mfa_token</c>, and thereby confirms the
/// authenticator that it enrolls, if any.
/// </summary>
internal sealed class ExchangeSecondFactor(
    AuthenticateClient authenticate, MfaTokens mfaTokens, VerifyResponse verify, DevicePoll poll, MfaTokenIssuer issuer)
{
    public async ValueTask<ExchangeSecondFactorResult> RunAsync(TokenRequest request, CallContext call, CancellationToken cancellationToken)
    {
        if (await authenticate.RunAsync(call.Tenant, request, cancellationToken) is not { } client)
        {
            return new ExchangeSecondFactorResult(ExchangeSecondFactorOutcome.ClientUnauthorized);
        }

        var method = MethodOf(request);
        if (!client.MayUse(request.GrantType!))
        {
            return new ExchangeSecondFactorResult(ExchangeSecondFactorOutcome.GrantTypeNotAllowed);
        }

        var mayPoll = request.GrantType == GrantType.MfaOob && request["binding_code"] is null;
        if (method.Needed.FirstOrDefault(name => request[name] is null && !(mayPoll && name == method.Needed[^1])) is { } missing)
        {
            return new ExchangeSecondFactorResult(ExchangeSecondFactorOutcome.ParameterMissing) { Parameter = missing };
        }

        var (state, view) = await mfaTokens.FindAsync(call, request["mfa_token"]!, client.ClientId, mayPoll, cancellationToken);
        if (view is null)
        {
            return new ExchangeSecondFactorResult(OutcomeOf(state));
        }

        var requested = MfaData.Parse(view.Transaction.OriginData!);
        var target = await issuer.FindTargetAsync(call.Tenant, client, requested, cancellationToken);
        if (target is null)
        {
            return new ExchangeSecondFactorResult(ExchangeSecondFactorOutcome.ApiNotAllowed);
        }

        if (mayPoll)
        {
            var (outcome, parameter) = await poll.RunAsync(view, request["oob_code"]!, cancellationToken);
            return outcome == ExchangeSecondFactorOutcome.Issued
                ? await IssueAsync(call, client, view.Transaction, (method, target), cancellationToken)
                : new ExchangeSecondFactorResult(outcome) { Parameter = parameter };
        }

        return await VerifyAsync(call, client, view.Transaction, (method, target), cancellationToken);
    }

    private async ValueTask<ExchangeSecondFactorResult> VerifyAsync(
        CallContext call, AuthenticatedClient client, Transaction transaction, (Method Method, TokenTarget Target) exchange,
        CancellationToken cancellationToken)
    {
        var method = exchange.Method;
        var identity = new TransactionIdentity(call.Tenant, transaction.Id, transaction.UserId) { Enrolls = transaction.Enrolls };
        var verified = await verify.RunAsync(call, identity, method.Response, cancellationToken);
        if (verified.Outcome != VerifyOutcome.Accepted)
        {
            return new ExchangeSecondFactorResult(OutcomeOf(verified.Outcome)) { Parameter = method.Needed[^1], RetryAfter = verified.RetryAfter };
        }

        var issued = await IssueAsync(call, client, transaction, exchange, cancellationToken);
        return issued.Token is { } token ? issued with { Token = token with { RecoveryCode = verified.RecoveryCode } } : issued;
    }

    private async ValueTask<ExchangeSecondFactorResult> IssueAsync(
        CallContext call, AuthenticatedClient client, Transaction transaction, (Method Method, TokenTarget Target) exchange,
        CancellationToken cancellationToken)
    {
        var token = await issuer.IssueProvedAsync(call, transaction, client, (exchange.Target, exchange.Method.LogType), cancellationToken);
        return token is null
            ? new ExchangeSecondFactorResult(ExchangeSecondFactorOutcome.TokenExpired)
            : new ExchangeSecondFactorResult(ExchangeSecondFactorOutcome.Issued) { Token = token };
    }

    private static Method MethodOf(TokenRequest request) => request.GrantType switch
    {
        // A code of a message answers its challenge only: here it would be accepted without the oob_code.
        GrantType.MfaOtp => new Method(
            ["mfa_token", "otp"], new FactorResponse(ResponseKind.Code, request["otp"] ?? "") { Answers = open => open is null }, AuditTypes.OtpExchanged),
        GrantType.MfaOob => new Method(
            ["mfa_token", "oob_code", "binding_code"],
            new FactorResponse(ResponseKind.Code, request["binding_code"] ?? "") { Answers = open => open is not null && open.Id == request["oob_code"] },
            AuditTypes.ChallengeExchanged),
        _ => new Method(
            ["mfa_token", "recovery_code"],
            new FactorResponse(ResponseKind.RecoveryCode, request["recovery_code"] ?? ""),
            AuditTypes.RecoveryCodeExchanged),
    };

    private static ExchangeSecondFactorOutcome OutcomeOf(MfaTokenState state) => state switch
    {
        MfaTokenState.Malformed or MfaTokenState.ScopeMissing => ExchangeSecondFactorOutcome.TokenMalformed,
        MfaTokenState.OfOtherClient => ExchangeSecondFactorOutcome.TokenOfOtherClient,
        MfaTokenState.Expired or MfaTokenState.SecondFactorMissing or MfaTokenState.SecondFactorTooOld or MfaTokenState.Live => ExchangeSecondFactorOutcome.TokenExpired,
    };

    private static ExchangeSecondFactorOutcome OutcomeOf(VerifyOutcome outcome) => outcome switch
    {
        VerifyOutcome.Accepted => ExchangeSecondFactorOutcome.Issued,
        VerifyOutcome.Refused or VerifyOutcome.Rejected => ExchangeSecondFactorOutcome.WrongResponse,
        VerifyOutcome.TooManyAttempts => ExchangeSecondFactorOutcome.TooManyAttempts,
        VerifyOutcome.EnrolledElsewhere => ExchangeSecondFactorOutcome.EnrolledElsewhere,
        VerifyOutcome.TransactionGone => ExchangeSecondFactorOutcome.TokenExpired,
    };

    /// <param name="Needed">The parameters that are required; the last one is the user's response.</param>
    private sealed record Method(string[] Needed, FactorResponse Response, string LogType);
}

/// <summary>Says whether a user has answered on their device: a challenge, or the QR code with which they enroll it.</summary>
internal sealed class DevicePoll(Database database, FactorCatalog catalog, RateLimiter limiter)
{
    /// <summary>Twelve a minute, as the published API allows.</summary>
    private static readonly RateLimit Limit = new(Burst: 12, Refill: TimeSpan.FromSeconds(5));

    /// <param name="code">The <c>oob_code</c>: the id of a challenge, or that of the enrollment.</param>
    public async ValueTask<(ExchangeSecondFactorOutcome Outcome, string? Parameter)> RunAsync(
        TransactionView view, string code, CancellationToken cancellationToken)
    {
        var transaction = view.Transaction;
        var challenged = view.Authenticators.FirstOrDefault(known => known.Id == code && known.TransactionId == transaction.Id)?.Factor
            ?? await database.ReadAsync(session => ChallengeStore.FindFactorAsync(session, transaction.Tenant, (transaction.Id, code), cancellationToken), cancellationToken);
        if (challenged is null)
        {
            return (ExchangeSecondFactorOutcome.WrongResponse, "oob_code");
        }

        if (catalog.Find(challenged) is not IDeviceFactor)
        {
            return (ExchangeSecondFactorOutcome.ParameterMissing, "binding_code");
        }

        if (!limiter.Take("mfa-oob:" + transaction.Id, Limit).IsAllowed)
        {
            return (ExchangeSecondFactorOutcome.PollsTooOften, null);
        }

        return (transaction.State switch
        {
            TransactionState.Pending => ExchangeSecondFactorOutcome.Pending,
            TransactionState.Accepted => ExchangeSecondFactorOutcome.Issued,
            TransactionState.Rejected => ExchangeSecondFactorOutcome.Rejected,
        }, null);
    }
}
