using Microsoft.AspNetCore.Http.HttpResults;
using Sallyport.Server.Audit;
using Sallyport.Server.Clients;
using Sallyport.Server.Http;

namespace Sallyport.Server.MfaApi;

/// <summary>The errors of the MFA API (docs/mfa-api.md, "Errors").</summary>
internal static class MfaErrors
{
    public static readonly OAuthError MalformedToken = new(401, "invalid_grant", "Malformed mfa_token") { Scheme = "Bearer" };
    public static readonly OAuthError ExpiredToken = new(401, "expired_token", "mfa_token is expired") { Scheme = "Bearer" };
    public static readonly OAuthError TokenOfOtherClient = OAuthError.InvalidRequest("mfa_token not issued to this client");
    public static readonly OAuthError AlreadyEnrolled = new(403, "access_denied", "User is already enrolled.");

    public static readonly OAuthError UnsupportedType = new(401, "unsupported_challenge_type", "No authenticator of these types can be used.");

    public static readonly OAuthError TooManyStarts = TooMany("Too many authenticators begun with this token. Sign in again.", MfaOrigin.Lifetime);

    private static readonly OAuthError InvalidToken = MalformedToken with { Description = "The mfa_token provided is invalid. Try getting a new token." };

    /// <summary>For the endpoints that are not the token endpoint.</summary>
    public static OAuthError Of(MfaTokenState state) => state switch
    {
        MfaTokenState.Live or MfaTokenState.Malformed => InvalidToken,
        MfaTokenState.Expired => ExpiredToken,
        MfaTokenState.OfOtherClient => TokenOfOtherClient,
        MfaTokenState.ScopeMissing => new OAuthError(403, "insufficient_scope", "The token does not allow this."),
        MfaTokenState.SecondFactorMissing => new OAuthError(403, "access_denied", "The token was issued without a second factor. Sign in again."),
        MfaTokenState.SecondFactorTooOld => new OAuthError(403, "access_denied", "The second factor was used too long ago. Sign in again."),
    };

    public static OAuthError TooManyMessages(TimeSpan retryAfter) =>
        TooMany("Too many messages sent by the user. Wait for some minutes before retrying.", retryAfter);

    public static OAuthError TooMany(string description, TimeSpan retryAfter) =>
        new(429, "too_many_requests", description) { RetryAfter = retryAfter };
}

/// <summary>The password grants of <c>/oauth/token</c>.</summary>
internal sealed class PasswordGrants(ExchangePassword exchange) : ITokenGrant
{
    public IReadOnlyList<string> GrantTypes { get; } = [GrantType.Password, GrantType.PasswordRealm];

    public async Task<Results<Ok<TokenResponse>, OAuthError>> ExchangeAsync(
        TokenRequest request, CallContext call, CancellationToken cancellationToken)
    {
        var result = await exchange.RunAsync(request, call, cancellationToken);
        return result.Outcome switch
        {
            ExchangePasswordOutcome.Issued => TypedResults.Ok(result.Token),
            ExchangePasswordOutcome.MfaRequired => new OAuthError(403, "mfa_required", "Multifactor authentication required") { Mfa = result.Mfa },
            ExchangePasswordOutcome.ClientUnauthorized => TokenErrors.InvalidClient,
            ExchangePasswordOutcome.GrantTypeNotAllowed => TokenErrors.GrantTypeNotAllowed(request.GrantType!),
            ExchangePasswordOutcome.ParameterMissing => TokenErrors.Missing(
                request["username"] is null ? "username" : request["password"] is null ? "password" : "realm"),
            ExchangePasswordOutcome.ConnectionNotAllowed => new OAuthError(
                403, "unauthorized_client", "There is no such connection, or it is not enabled for the client."),
            ExchangePasswordOutcome.ApiNotAllowed => TokenErrors.ApiNotAllowed,
            ExchangePasswordOutcome.WrongCredentials => new OAuthError(403, "invalid_grant", "Wrong email or password."),
            ExchangePasswordOutcome.UserBlocked => new OAuthError(403, "access_denied", "user is blocked"),
            ExchangePasswordOutcome.TooManyAttempts => MfaErrors.TooMany(
                "Too many failed logins. Wait for some minutes before retrying.", result.RetryAfter),
        };
    }
}

/// <summary>The grants of <c>/oauth/token</c> that end a sign-in with the second factor.</summary>
internal sealed class SecondFactorGrants(ExchangeSecondFactor exchange) : ITokenGrant
{
    public IReadOnlyList<string> GrantTypes { get; } = [GrantType.MfaOtp, GrantType.MfaOob, GrantType.MfaRecoveryCode];

    public async Task<Results<Ok<TokenResponse>, OAuthError>> ExchangeAsync(
        TokenRequest request, CallContext call, CancellationToken cancellationToken)
    {
        var result = await exchange.RunAsync(request, call, cancellationToken);
        return result.Outcome switch
        {
            ExchangeSecondFactorOutcome.Issued => TypedResults.Ok(result.Token),
            ExchangeSecondFactorOutcome.ClientUnauthorized => TokenErrors.InvalidClient,
            ExchangeSecondFactorOutcome.GrantTypeNotAllowed => TokenErrors.GrantTypeNotAllowed(request.GrantType!),
            ExchangeSecondFactorOutcome.ParameterMissing => TokenErrors.Missing(result.Parameter!),
            ExchangeSecondFactorOutcome.TokenMalformed => MfaErrors.MalformedToken,
            ExchangeSecondFactorOutcome.TokenExpired => MfaErrors.ExpiredToken,
            ExchangeSecondFactorOutcome.TokenOfOtherClient => MfaErrors.TokenOfOtherClient,
            ExchangeSecondFactorOutcome.ApiNotAllowed => TokenErrors.ApiNotAllowed,
            ExchangeSecondFactorOutcome.WrongResponse => new OAuthError(
                403, "invalid_grant", $"Invalid {(result.Parameter == "otp" ? "otp_code" : result.Parameter)}."),
            ExchangeSecondFactorOutcome.TooManyAttempts => MfaErrors.TooMany(
                "Too many failed codes. Wait for some minutes before retrying.", result.RetryAfter),
            ExchangeSecondFactorOutcome.Pending => new OAuthError(
                400, "authorization_pending", "Authorization pending: please repeat the request in a few seconds."),
            ExchangeSecondFactorOutcome.PollsTooOften => new OAuthError(400, "slow_down", "Too many requests for this sign-in: wait five seconds between them."),
            ExchangeSecondFactorOutcome.Rejected => new OAuthError(400, "access_denied", "MFA Authorization rejected."),
            ExchangeSecondFactorOutcome.EnrolledElsewhere => MfaErrors.AlreadyEnrolled,
        };
    }
}
