using Sallyport.Server.Http.Payloads;
using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Sallyport.Server.Audit;
using Sallyport.Server.Configuration;
using Sallyport.Server.Factors;
using Sallyport.Server.Http;

namespace Sallyport.Server.Transactions;

/// <summary>The Guardian API for browsers (docs/wire.md §1). Mapped below <c>/api</c> and <c>/appliance-mfa/api</c> alike.</summary>
internal static class TransactionEndpoints
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
        group.MapPost("/qr-code", DrawQrCode).Produces<string>(200, "image/svg+xml");
    }

    private static async Task<Results<Created<StartFlowResponse>, ApiError>> StartAsync(
        GuardianCredential credential, OptionalBody<StartFlowRequest> body, HttpContext context, StartFlow start,
        CancellationToken cancellationToken)
    {
        var (outcome, response) = await start.RunAsync(
            new StartTransactionRequest(credential, body.Value?.StateTransport, AuditSource.Of(context)), cancellationToken);
        return outcome switch
        {
            StartOutcome.Started => TypedResults.Created((string?)null, response),
            StartOutcome.Refused => GuardianCredential.Refused,
            StartOutcome.TooManyTransactions => TooManyTransactions,
        };
    }

    private static async Task<Results<Ok<TransactionStateResponse>, ApiError>> GetStateAsync(
        TransactionBearer bearer, GetTransactionState getState, CancellationToken cancellationToken)
    {
        var state = await getState.RunAsync(bearer.Identity, cancellationToken);
        return state is null ? GuardianCredential.Refused : TypedResults.Ok(state);
    }

    /// <summary>200 with an empty object: the answer that every published client takes (docs/wire.md §1.3).</summary>
    private static async Task<Results<Ok<EmptyResponse>, ApiError>> VerifyOtpAsync(
        TransactionBearer bearer, Body<VerifyOtpRequest> body, HttpContext context, VerifyCode verify,
        CancellationToken cancellationToken)
    {
        var result = await verify.RunAsync(
            new VerifyRequest(bearer.Identity, FactorNames.Otp, body.Value.Code, AuditSource.Of(context)),
            cancellationToken);
        return result.Outcome == VerifyOutcome.Accepted
            ? TypedResults.Ok(EmptyResponse.Value)
            : Refuse(context, result, InvalidOtp);
    }

    private static async Task<Results<Ok<RecoverAccountResponse>, ApiError>> RecoverAsync(
        TransactionBearer bearer, Body<RecoverAccountRequest> body, HttpContext context, VerifyCode verify,
        CancellationToken cancellationToken)
    {
        var result = await verify.RunAsync(
            new VerifyRequest(bearer.Identity, FactorNames.RecoveryCode, body.Value.RecoveryCode, AuditSource.Of(context)),
            cancellationToken);
        return result.Outcome == VerifyOutcome.Accepted
            ? TypedResults.Ok(new RecoverAccountResponse(result.RecoveryCode!))
            : Refuse(context, result, InvalidRecoveryCode);
    }

    /// <summary>The text comes in the body, so that no secret stands in an address. Drawn for holders of a transaction only.</summary>
    private static Results<ContentHttpResult, ApiError> DrawQrCode(
        TransactionBearer _, Body<QrCodeRequest> body, SallyportOptions options)
    {
        var text = body.Value.Text;
        if (!QrCode.MayDraw(text, options.PublicUrl))
        {
            return ApiError.Payload("Must be an otpauth address or an address of this server", "text");
        }

        return QrCode.Fits(text)
            ? TypedResults.Text(QrCode.ToSvg(text), "image/svg+xml")
            : ApiError.Payload("String has too many bytes for a QR code", "text");
    }

    private static ApiError Refuse(HttpContext context, VerifyResult result, ApiError wrong)
    {
        if (result.Outcome == VerifyOutcome.TooManyAttempts)
        {
            context.Response.Headers.RetryAfter =
                Math.Ceiling(result.RetryAfter.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }

        return result.Outcome switch
        {
            VerifyOutcome.Accepted or VerifyOutcome.Refused => wrong,
            VerifyOutcome.TooManyAttempts => TooManyAttempts,
            VerifyOutcome.EnrolledElsewhere => EnrollmentConflict,
            VerifyOutcome.TransactionGone => GuardianCredential.Refused,
        };
    }
}
