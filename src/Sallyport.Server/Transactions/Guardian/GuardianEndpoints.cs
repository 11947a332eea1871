using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Sallyport.Server.Audit;
using Sallyport.Server.Configuration;
using Sallyport.Server.Factors;
using Sallyport.Server.Http;
using Sallyport.Server.Http.Payloads;

namespace Sallyport.Server.Transactions.Guardian;

/// <summary>The Guardian API for browsers (docs/wire.md §1), mapped under <c>/api</c> and <c>/appliance-mfa/api</c> alike.</summary>
internal static class GuardianEndpoints
{
    private static readonly ApiError InvalidOtp = ApiError.Forbidden("Invalid OTP.", ErrorCodes.InvalidOtp);
    private static readonly ApiError InvalidRecoveryCode = ApiError.Forbidden("Invalid recovery code.", ErrorCodes.InvalidRecoveryCode);

    private static readonly ApiError TooManyAttempts =
        ApiError.TooManyRequests("Too many failed codes. Wait for some minutes before retrying.", ErrorCodes.TooManyAttempts);

    private static readonly ApiError TooManyTransactions =
        ApiError.TooManyRequests("Too many transactions at once. Wait for some minutes before retrying.", ErrorCodes.TooManyTransactions);

    private static readonly ApiError EnrollmentConflict =
        ApiError.Conflict("The user has been enrolled already.", ErrorCodes.EnrollmentConflict);

    public static void MapTransactions(this IEndpointRouteBuilder guardian)
    {
        var group = guardian.MapGroup("").WithTags("Guardian");
        group.MapPost("/start-flow", StartAsync).Produces<ApiErrorBody>(401);
        group.MapPost("/transaction-state", GetStateAsync);
        group.MapPost("/verify-otp", VerifyOtpAsync).Produces<ApiErrorBody>(403).Produces<ApiErrorBody>(409);
        group.MapPost("/recover-account", RecoverAsync).Produces<ApiErrorBody>(403);
        group.MapPost("/qr-code", DrawQrCodeAsync).Produces<string>(200, "image/svg+xml");
        guardian.MapChallenges();
    }

    private static async Task<Results<Created<StartFlowResponse>, ApiError>> StartAsync(
        GuardianCredential credential, OptionalBody<StartFlowRequest> body, CallContext call, GuardianServices services,
        CancellationToken cancellationToken)
    {
        var (outcome, started) = await services.Start.RunAsync(
            call, new StartTransactionRequest(credential.Origin, credential.Value, body.Value?.StateTransport), cancellationToken);
        return outcome switch
        {
            StartOutcome.Started => TypedResults.Created(
                (string?)null, StartFlowResponse.Of(started!, services.Tokens.Issue(started!.Transaction), services.Catalog)),
            StartOutcome.Refused => GuardianCredential.Refused,
            StartOutcome.TooManyTransactions => TooManyTransactions,
        };
    }

    private static async Task<Results<Ok<TransactionStateResponse>, ApiError>> GetStateAsync(
        TransactionBearer bearer, TransactionQueries queries, FactorCatalog catalog, OutcomeTokens outcomes, CancellationToken cancellationToken)
    {
        var view = await queries.FindAliveAsync(bearer.Identity, cancellationToken);
        return view is null ? GuardianCredential.Refused : TypedResults.Ok(TransactionStateResponse.Of(view, catalog, outcomes));
    }

    /// <summary>200 with an empty object: the answer that every published client takes (docs/wire.md §1.3).</summary>
    private static async Task<Results<Ok<EmptyResponse>, ApiError>> VerifyOtpAsync(
        TransactionBearer bearer, Body<VerifyOtpRequest> body, CallContext call, HttpResponse response, VerifyResponse verify)
    {
        var result = await verify.RunAsync(
            call, bearer.Identity, new FactorResponse(ResponseKind.Code, body.Value.Code), response.HttpContext.RequestAborted);
        return result.Outcome == VerifyOutcome.Accepted
            ? TypedResults.Ok(EmptyResponse.Value)
            : Refuse(response, result, InvalidOtp);
    }

    private static async Task<Results<Ok<RecoverAccountResponse>, ApiError>> RecoverAsync(
        TransactionBearer bearer, Body<RecoverAccountRequest> body, CallContext call, HttpResponse response, VerifyResponse verify)
    {
        var result = await verify.RunAsync(
            call, bearer.Identity, new FactorResponse(ResponseKind.RecoveryCode, body.Value.RecoveryCode), response.HttpContext.RequestAborted);
        return result.Outcome == VerifyOutcome.Accepted
            ? TypedResults.Ok(new RecoverAccountResponse(result.RecoveryCode!))
            : Refuse(response, result, InvalidRecoveryCode);
    }

    /// <summary>The text comes in the body, so that no secret stands in an address. Drawn for holders of a transaction only.</summary>
    private static async Task<Results<ContentHttpResult, ApiError>> DrawQrCodeAsync(
        TransactionBearer bearer, Body<QrCodeRequest> body, SallyportOptions options, TransactionQueries queries, CancellationToken cancellationToken)
    {
        var text = body.Value.Text;
        if (!QrCode.MayDraw(text, options.PublicUrl) && !await queries.IsAppLinkAsync(bearer.Identity.Tenant, text, cancellationToken))
        {
            return ApiError.Payload("Must be an otpauth address, an address of this server, or the address of the app for push messages", "text");
        }

        return QrCode.Fits(text)
            ? TypedResults.Text(QrCode.ToSvg(text), "image/svg+xml")
            : ApiError.Payload("String has too many bytes for a QR code", "text");
    }

    /// <summary>A wrong response says how many are left, so that a page can warn in time.</summary>
    public static ApiError Refuse(HttpResponse response, VerifyResult result, ApiError wrong)
    {
        if (result.Outcome == VerifyOutcome.TooManyAttempts)
        {
            response.Headers.RetryAfter = Math.Ceiling(result.RetryAfter.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }

        if (result.AttemptsLeft is { } left)
        {
            response.Headers["X-RateLimit-Limit"] = Transaction.MaxWrongCodes.ToString(CultureInfo.InvariantCulture);
            response.Headers.Remove("X-RateLimit-Reset");
            response.Headers["X-RateLimit-Remaining"] = left.ToString(CultureInfo.InvariantCulture);
        }

        return result.Outcome switch
        {
            VerifyOutcome.Accepted or VerifyOutcome.Rejected or VerifyOutcome.Refused => wrong,
            VerifyOutcome.TooManyAttempts => TooManyAttempts,
            VerifyOutcome.EnrolledElsewhere => EnrollmentConflict,
            VerifyOutcome.TransactionGone => GuardianCredential.Refused,
        };
    }
}

/// <summary>The services that several handlers need together.</summary>
internal sealed record GuardianServices(StartTransaction Start, TransactionTokens Tokens, FactorCatalog Catalog);
