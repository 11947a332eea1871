using System.Reflection;
using Microsoft.AspNetCore.Http.HttpResults;
using Sallyport.Server.Audit;
using Sallyport.Server.Configuration;
using Sallyport.Server.Factors;
using Sallyport.Server.Factors.Push;
using Sallyport.Server.Http;
using Sallyport.Server.Http.Payloads;
using Sallyport.Server.Http.RateLimiting;
using Sallyport.Server.Tenants;

namespace Sallyport.Server.Transactions.Guardian;

/// <summary>The Guardian API for phones (docs/wire.md §4), below both bases. The SDK for iOS takes 204 or JSON, and nothing else, for a success.</summary>
internal static class DeviceEndpoints
{
    private static readonly ApiError EnrollmentNotFound = ApiError.NotFound(
        "The enrollment does not exist, has expired, or is not for this kind of device.", ErrorCodes.EnrollmentTransactionNotFound);

    private static readonly ApiError DeviceConflict = ApiError.Conflict("The user has been enrolled already.", ErrorCodes.DeviceAccountConflict);
    private static readonly ApiError DeviceNotFound = ApiError.NotFound("The device account does not exist.", ErrorCodes.DeviceAccountNotFound);

    private static readonly ApiError InvalidChallenge = ApiError.Unauthorized(
        "The response does not answer an open challenge of this device.", ErrorCodes.InvalidChallenge);

    private static readonly ApiError TransactionNotFound = ApiError.NotFound("The transaction has ended.", ErrorCodes.LoginTransactionNotFound);
    private static readonly ApiError ConsentNotFound = ApiError.NotFound("The consent does not exist.", ErrorCodes.InexistentConsent);
    private static readonly ApiError InvalidProof = ApiError.Forbidden("The proof of possession is not valid.", ErrorCodes.InvalidDpopAssertion);

    private static readonly ApiError TooManyAttempts =
        ApiError.TooManyRequests("Too many failed codes. Wait for some minutes before retrying.", ErrorCodes.TooManyAttempts);

    public static void MapDevices(this IEndpointRouteBuilder guardian)
    {
        var group = guardian.MapGroup("").WithTags("Guardian for phones");
        group.MapPost("/enroll", EnrollAsync).Produces<ApiErrorBody>(401).Produces<ApiErrorBody>(404).Produces<ApiErrorBody>(409);
        group.MapPatch("/device-accounts/{id}", ChangeAsync).Produces<ApiErrorBody>(401).Produces<ApiErrorBody>(404);
        group.MapDelete("/device-accounts/{id}", RemoveAsync).Produces<ApiErrorBody>(401).Produces<ApiErrorBody>(404);
        group.MapPost("/resolve-transaction", ResolveAsync).Produces<ApiErrorBody>(401).Produces<ApiErrorBody>(404);
    }

    /// <summary>The SDKs drop <c>/appliance-mfa</c> from this address.</summary>
    public static void MapConsents(this IEndpointRouteBuilder routes) =>
        routes.MapGroup("").WithTags("Guardian for phones").RequireRateLimit(RateLimitKind.Address)
            .MapGet("/rich-consents/{id}", ShowConsentAsync).Produces<ApiErrorBody>(401).Produces<ApiErrorBody>(403).Produces<ApiErrorBody>(404);

    private static async Task<Results<Created<EnrollResponse>, ApiError>> EnrollAsync(
        GuardianCredential credential, Body<EnrollRequest> body, CallContext call, DeviceServices services, CancellationToken cancellationToken)
    {
        if (credential.QuotedId is not { } id)
        {
            return GuardianCredential.Malformed;
        }

        var request = new EnrollDeviceRequest(credential.Origin, credential.Value, id, body.Value.ToRegistration());
        var result = await services.Enroll.RunAsync(call, request, cancellationToken);
        return result.Outcome switch
        {
            EnrollDeviceOutcome.Enrolled => TypedResults.Created((string?)null, await services.ShowAsync(call, result, cancellationToken)),
            EnrollDeviceOutcome.NotFound => EnrollmentNotFound,
            EnrollDeviceOutcome.EnrolledAlready => DeviceConflict,
        };
    }

    private static async Task<Results<Ok<DeviceAccountAnswer>, ApiError>> ChangeAsync(
        string id, DeviceBearer bearer, Body<DeviceAccountPatch> body, CallContext call, DeviceServices services)
    {
        var patch = body.Value;
        var change = new DeviceChange
        {
            Identifier = patch.Identifier,
            Name = patch.Name is { } name ? DeviceName.Clean(name) : null,
            Push = patch.PushCredentials is { } push ? (push.Service, push.Token) : null,
        };
        var result = await services.Change.RunAsync(call, (id, bearer.Token), change, CancellationToken.None);
        return result.Outcome switch
        {
            DeviceOutcome.Done => TypedResults.Ok(DeviceServices.Show(result.Authenticator!)),
            DeviceOutcome.NotFound => DeviceNotFound,
            DeviceOutcome.Unauthorized => GuardianCredential.Refused,
        };
    }

    private static async Task<Results<NoContent, ApiError>> RemoveAsync(
        string id, DeviceBearer bearer, CallContext call, RemoveDevice remove, CancellationToken cancellationToken) =>
        await remove.RunAsync(call, id, bearer.Token, cancellationToken) switch
        {
            DeviceOutcome.Done => TypedResults.NoContent(),
            DeviceOutcome.NotFound => DeviceNotFound,
            DeviceOutcome.Unauthorized => GuardianCredential.Refused,
        };

    private static async Task<Results<NoContent, ApiError>> ResolveAsync(
        Body<ResolveTransactionRequest> body, AnswerBearer bearer, CallContext call, VerifyResponse verify, CancellationToken cancellationToken)
    {
        var response = new FactorResponse(ResponseKind.DeviceSignature, body.Value.ChallengeResponse)
        {
            Answers = open => open?.AuthenticatorId == bearer.Content.AuthenticatorId,
        };
        var result = await verify.RunAsync(call, bearer.Content.Identity, response, cancellationToken);
        return result.Outcome switch
        {
            VerifyOutcome.Accepted or VerifyOutcome.Rejected => TypedResults.NoContent(),
            VerifyOutcome.Refused => InvalidChallenge,
            VerifyOutcome.TooManyAttempts => TooManyAttempts,
            VerifyOutcome.EnrolledElsewhere or VerifyOutcome.TransactionGone => TransactionNotFound,
        };
    }

    private static async Task<Results<Ok<ConsentResponse>, ApiError>> ShowConsentAsync(
        string id, ConsentBearer bearer, DeviceServices services, SallyportOptions options, CancellationToken cancellationToken)
    {
        var content = bearer.Answer.Content;
        var view = await services.Transactions.FindAliveAsync(content.Identity, cancellationToken);
        if (view?.Candidates.FirstOrDefault(candidate => candidate.Id == content.AuthenticatorId) is not { } device || view.OpenChallenge(device, services.Catalog.TraitsOf(device)) is not { } open)
        {
            return ConsentNotFound;
        }

        var result = await services.Consents.RunAsync(device, open, new ConsentRequest(id, bearer.Answer.Token, bearer.Proof), cancellationToken);
        return result.Outcome switch
        {
            ConsentOutcome.Found => TypedResults.Ok(new ConsentResponse(
                id, new ConsentDetails(options.PublicUrl, [], result.BindingMessage), open.CreatedAt, open.ExpiresAt)),
            ConsentOutcome.NotFound => ConsentNotFound,
            ConsentOutcome.ProofRefused => InvalidProof,
        };
    }
}

/// <summary>The services that the handlers need, and the answers that they read for.</summary>
internal sealed record DeviceServices(
    EnrollDevice Enroll, ChangeDevice Change, ReadConsent Consents, TransactionQueries Transactions, TenantQueries Tenants, FactorCatalog Catalog, SallyportOptions Options)
{
    public async ValueTask<EnrollResponse> ShowAsync(CallContext call, EnrollDeviceResult enrolled, CancellationToken cancellationToken) => new()
    {
        Id = enrolled.Authenticator!.Id,
        Url = Options.PublicUrl,
        Issuer = (await Tenants.GetSettingsAsync(call.Tenant, cancellationToken)).DisplayName,
        UserId = enrolled.Authenticator.UserId,
        Token = enrolled.DeviceToken!,
        Totp = enrolled.OtpSecret is { } secret
            ? new EnrolledTotp(secret, "sha1", Protocols.Otp.TotpParameters.Default.Digits, (int)Protocols.Otp.TotpParameters.Default.Period.TotalSeconds)
            : null,
    };

    public static DeviceAccountAnswer Show(Authenticator device)
    {
        var data = PushFactor.Read(device);
        return new DeviceAccountAnswer(
            device.Id, data.Identifier!, device.Name, data.Token is { } token ? new PushCredentialsAnswer(data.Service!, token) : null);
    }
}

/// <summary>The token of a phone, which is not verified yet: it is compared with the phone that the path names.</summary>
internal sealed record DeviceBearer(string Token)
{
    /// <exception cref="ApiException">401 unless there is a token.</exception>
    public static ValueTask<DeviceBearer> BindAsync(HttpContext context, ParameterInfo _)
    {
        var (scheme, value) = GuardianCredential.Split(context.Request.Headers.Authorization);
        return scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase)
            ? ValueTask.FromResult(new DeviceBearer(value))
            : throw new ApiException(GuardianCredential.Malformed);
    }

    public override string ToString() => "***";
}

/// <summary>The token of a push message.</summary>
internal sealed record AnswerBearer(string Token, DeviceTokenContent Content)
{
    /// <exception cref="ApiException">401 unless there is a live token.</exception>
    public static ValueTask<AnswerBearer> BindAsync(HttpContext context, ParameterInfo _) => BindAsync(context, "Bearer");

    /// <exception cref="ApiException">401 unless there is a live token.</exception>
    public static async ValueTask<AnswerBearer> BindAsync(HttpContext context, string expectedScheme)
    {
        var (scheme, value) = GuardianCredential.Split(context.Request.Headers.Authorization);
        if (!scheme.Equals(expectedScheme, StringComparison.OrdinalIgnoreCase))
        {
            throw new ApiException(GuardianCredential.Malformed);
        }

        return await context.RequestServices.GetRequiredService<DeviceTokens>().ValidateAsync(CallContext.ServedTenant, value) is { } content
            ? new AnswerBearer(value, content)
            : throw new ApiException(GuardianCredential.Refused);
    }

    public override string ToString() => "***";
}

/// <summary>The token of a push message with a proof that its phone asks (<c>MFA-DPoP</c>).</summary>
internal sealed record ConsentBearer(AnswerBearer Answer, string Proof)
{
    private const string Scheme = "MFA-DPoP";

    /// <exception cref="ApiException">401 unless there is a live token.</exception>
    public static async ValueTask<ConsentBearer> BindAsync(HttpContext context, ParameterInfo _) =>
        new(await AnswerBearer.BindAsync(context, Scheme), context.Request.Headers[Scheme].ToString());

    public override string ToString() => "***";
}
