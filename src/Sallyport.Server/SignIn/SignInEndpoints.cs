using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Sallyport.Server.Audit;
using Sallyport.Server.Configuration;
using Sallyport.Server.Http;
using Sallyport.Server.Http.Payloads;
using Sallyport.Server.Policies;
using Sallyport.Server.Transactions;

namespace Sallyport.Server.SignIn;

/// <summary>Sign-in transactions in the Management API, for the backend that has checked the first factor.</summary>
internal static class SignInEndpoints
{
    private static readonly ApiError UserNotFound = ApiError.NotFound("User not found.", ErrorCodes.InexistentUser);
    private static readonly ApiError UserBlocked = ApiError.Forbidden("The user is blocked.", ErrorCodes.UserBlocked);
    private static readonly ApiError NotFound = ApiError.NotFound("Transaction not found.", ErrorCodes.TransactionNotFound);

    public static void MapSignIns(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/guardian/transactions").WithTags("Sign-in");
        group.MapPost("", CreateAsync).RequireScope(ManagementScopes.CreateTransactions).WithName("CreateTransaction")
            .Produces<ApiErrorBody>(403).Produces<ApiErrorBody>(404);
        group.MapGet("/{id}", GetAsync).RequireScope(ManagementScopes.ReadTransactions).WithName("GetTransaction")
            .Produces<ApiErrorBody>(404);
        group.MapPost("/{id}/redeem", RedeemAsync).RequireScope(ManagementScopes.UpdateTransactions).WithName("RedeemTransaction")
            .Produces<ApiErrorBody>(404).Produces<ApiErrorBody>(409);
    }

    private static async Task<Results<Created<SignInResponse>, ApiError>> CreateAsync(
        Body<CreateSignInRequest> body, CallContext call, CreateSignIn create, SallyportOptions options, CancellationToken cancellationToken)
    {
        if (AdministratorUsers.Contains(body.Value.UserId))
        {
            return UserNotFound;
        }

        var purpose = new SignInPurpose { ManagesFactors = body.Value.PostActionUrl == options.PublicUrl + CallbackAddress.YourFactorsPath };
        var (outcome, created) = await create.RunAsync(call, body.Value, purpose, cancellationToken);
        return outcome switch
        {
            CreateSignInOutcome.Created => TypedResults.Created((string?)null, SignInResponse.Of(created!, options.PublicUrl)),
            CreateSignInOutcome.UserNotFound => UserNotFound,
            CreateSignInOutcome.UserBlocked => UserBlocked,
            CreateSignInOutcome.ClientNotFound => ApiError.Payload("There is no such client", "client_id"),
            CreateSignInOutcome.AddressNotAllowed =>
                ApiError.Payload("Must be exactly one of the client's callbacks, and start with http:// or https://", "post_action_url"),
            CreateSignInOutcome.FactorNotAvailable => ApiError.Payload(
                $"This version cannot verify one of the factors, expected some of: {string.Join(", ", create.FactorNames)}", "factors"),
        };
    }

    private static async Task<Results<Ok<SignInStateResponse>, ApiError>> GetAsync(
        string id, CallContext call, SignInQueries queries, CancellationToken cancellationToken)
    {
        var (transaction, isAlive) = await queries.FindStateAsync(call, id, cancellationToken);
        return transaction is null ? NotFound : TypedResults.Ok(SignInStateResponse.Of(transaction, isAlive));
    }

    private static async Task<Results<Ok<SignInResultResponse>, ApiError>> RedeemAsync(
        string id, OptionalBody<RedeemSignInRequest> body, CallContext call, RedeemSignIn redeem, CancellationToken cancellationToken)
    {
        var (outcome, transaction) = await redeem.RunAsync(call, id, body.Value?.Signature, cancellationToken);
        return outcome switch
        {
            RedeemSignInOutcome.Redeemed => TypedResults.Ok(SignInResultResponse.Of(transaction!)),
            RedeemSignInOutcome.NotFound => NotFound,
            RedeemSignInOutcome.SignatureInvalid => ApiError.Payload("Must be the signed result of this transaction, and not have expired", "signature"),
            RedeemSignInOutcome.SignatureRequired =>
                ApiError.Conflict("The browser is remembered: pass on the signature that it has posted.", ErrorCodes.TransactionSignatureRequired),
            RedeemSignInOutcome.RedeemedBefore => ApiError.Conflict("The transaction was redeemed before.", ErrorCodes.TransactionRedeemed),
            RedeemSignInOutcome.NotAccepted => ApiError.Conflict("No second factor has been accepted yet.", ErrorCodes.TransactionNotAccepted),
            RedeemSignInOutcome.Expired => ApiError.Conflict("The transaction has expired or was ended.", ErrorCodes.TransactionExpired),
        };
    }
}

/// <summary>Body of <c>POST /guardian/transactions</c>.</summary>
public sealed record CreateSignInRequest : PolicyRequest
{
    /// <summary>The signed result is posted to it. Must be one of the client's <c>callbacks</c>.</summary>
    [JsonPropertyName("post_action_url"), JsonRequired, WebAddress, StringLength(2048, MinimumLength = 1)]
    public string PostActionUrl { get; init; } = "";

    /// <summary>Offers to remember the browser.</summary>
    [JsonPropertyName("allow_remember_browser"), NullableOnWire]
    public bool? AllowRememberBrowser { get; init; }

    /// <summary>Whether a user without an authenticator may enroll one. Without it the client's setting counts.</summary>
    [JsonPropertyName("self_service_enrollment"), NullableOnWire]
    public bool? SelfServiceEnrollment { get; init; }

    /// <summary>The only factors that may prove the sign-in.</summary>
    [JsonPropertyName("factors"), NullableOnWire, MinLength(1), UniqueItems]
    public string[]? Factors { get; init; }

    /// <summary>Repeated in the signed result.</summary>
    [JsonPropertyName("nonce"), NullableOnWire, StringLength(512, MinimumLength = 1)]
    public string? Nonce { get; init; }

    [JsonPropertyName("binding_message"), NullableOnWire, StringLength(128, MinimumLength = 1)]
    public string? BindingMessage { get; init; }

    public override string ToString() => "***";
}

/// <summary>Body of <c>POST /guardian/transactions/{id}/redeem</c>.</summary>
public sealed record RedeemSignInRequest
{
    /// <summary>The signed result that the browser has posted. Required if the sign-in was accepted because the browser is remembered.</summary>
    [JsonPropertyName("signature"), NullableOnWire, StringLength(8192, MinimumLength = 1)]
    public string? Signature { get; init; }

    public override string ToString() => "***";
}

public sealed record SignInResponse(
    [property: JsonPropertyName("transaction_id")] string TransactionId,
    [property: JsonPropertyName("request_token")] string RequestToken,
    [property: JsonPropertyName("mfa_url")] string MfaUrl,
    [property: JsonPropertyName("expires_at")] DateTimeOffset ExpiresAt,
    [property: JsonPropertyName("required")] bool Required)
{
    internal static SignInResponse Of(NewSignIn created, string publicUrl) =>
        new(
            created.Transaction.Id,
            created.RequestToken,
            SignInPage.AddressOf(publicUrl, created.RequestToken),
            created.Transaction.ExpiresAt,
            SignInOrigin.IsRequired(created.Transaction));

    public override string ToString() => "***";
}

public sealed record SignInStateResponse
{
    [JsonPropertyName("transaction_id")]
    public required string TransactionId { get; init; }

    [JsonPropertyName("user_id")]
    public required string UserId { get; init; }

    [JsonPropertyName("client_id")]
    public required string ClientId { get; init; }

    /// <summary>False if a policy has decided that no second factor is needed.</summary>
    [JsonPropertyName("required")]
    public required bool Required { get; init; }

    /// <summary><c>pending</c>, <c>accepted</c>, <c>rejected</c> or <c>expired</c>.</summary>
    [JsonPropertyName("state")]
    public required string State { get; init; }

    /// <summary>It enrolls an authenticator first.</summary>
    [JsonPropertyName("enrolls")]
    public required bool Enrolls { get; init; }

    [JsonPropertyName("created_at")]
    public required DateTimeOffset CreatedAt { get; init; }

    [JsonPropertyName("expires_at")]
    public required DateTimeOffset ExpiresAt { get; init; }

    [JsonPropertyName("accepted_at")]
    public DateTimeOffset? AcceptedAt { get; init; }

    [JsonPropertyName("redeemed_at")]
    public DateTimeOffset? RedeemedAt { get; init; }

    internal static SignInStateResponse Of(Transaction transaction, bool isAlive) => new()
    {
        TransactionId = transaction.Id,
        UserId = transaction.UserId,
        ClientId = transaction.ClientId!,
        Required = SignInOrigin.IsRequired(transaction),
        State = isAlive ? TransactionStore.StateName(transaction.State) : "expired",
        Enrolls = transaction.Enrolls,
        CreatedAt = transaction.CreatedAt,
        ExpiresAt = transaction.ExpiresAt,
        AcceptedAt = transaction.AcceptedAt,
        RedeemedAt = transaction.RedeemedAt,
    };
}

/// <summary>The result of a sign-in, with the claims of the signed result.</summary>
public sealed record SignInResultResponse
{
    [JsonPropertyName("transaction_id")]
    public required string TransactionId { get; init; }

    [JsonPropertyName("status")]
    public string Status => "ok";

    [JsonPropertyName("user_id")]
    public required string UserId { get; init; }

    [JsonPropertyName("client_id")]
    public required string ClientId { get; init; }

    [JsonPropertyName("nonce")]
    public string? Nonce { get; init; }

    [JsonPropertyName("amr")]
    public required string[] Methods { get; init; }

    /// <summary>Missing if no second factor was used.</summary>
    [JsonPropertyName("acr")]
    public string? Context { get; init; }

    [JsonPropertyName("auth_time")]
    public required long AuthenticatedAt { get; init; }

    [JsonPropertyName("remember_browser")]
    public required bool RememberBrowser { get; init; }

    internal static SignInResultResponse Of(Transaction transaction) => new()
    {
        TransactionId = transaction.Id,
        UserId = transaction.UserId,
        ClientId = transaction.ClientId!,
        Nonce = SignInData.Parse(transaction.OriginData!).Nonce,
        Methods = SignInOrigin.MethodsOf(transaction),
        Context = SignInOrigin.ContextOf(transaction),
        AuthenticatedAt = transaction.AcceptedAt!.Value.ToUnixTimeSeconds(),
        RememberBrowser = SignInOrigin.IsRemembered(transaction),
    };
}
