using System.Text.Json;
using System.Text.Json.Serialization;
using Sallyport.Server.Policies;

namespace Sallyport.Server.SignIn;

/// <summary>The data that a sign-in keeps in <see cref="Transactions.Transaction.OriginData"/>.</summary>
internal sealed record SignInData
{
    [JsonPropertyName("v")]
    public int Version { get; init; } = 1;

    /// <summary>The Management API client that created the sign-in. Only this one may read and redeem it. Null if an authorization request did.</summary>
    [JsonPropertyName("created_by")]
    public string? CreatedBy { get; init; }

    /// <summary>The authorization request of OpenID Connect that the sign-in belongs to; null if a backend created it.</summary>
    [JsonPropertyName("authorization")]
    public SignInAuthorization? Authorization { get; init; }

    /// <summary>The signed result is posted to it: one of the client's callbacks, or an address of ours for an authorization request.</summary>
    [JsonPropertyName("post_action_url")]
    public required string PostActionUrl { get; init; }

    [JsonPropertyName("allow_remember_browser")]
    public bool AllowRememberBrowser { get; init; }

    /// <summary>Whether a user without an authenticator may enroll one.</summary>
    [JsonPropertyName("self_service_enrollment")]
    public bool SelfServiceEnrollment { get; init; }

    /// <summary>The name of the only factor that the user, who is enrolled, adds in it; null for a sign-in.</summary>
    [JsonPropertyName("adds")]
    public string? Adds { get; init; }

    /// <summary>The hash of the secret in the only browser that may show and complete the sign-in (<see cref="SignInBrowser"/>); null for any browser.</summary>
    [JsonPropertyName("browser")]
    public string? BrowserHash { get; init; }

    [JsonPropertyName("nonce")]
    public string? Nonce { get; init; }

    [JsonPropertyName("binding_message")]
    public string? BindingMessage { get; init; }

    /// <summary>Separated by spaces.</summary>
    [JsonPropertyName("acr_values")]
    public string? AcrValues { get; init; }

    /// <summary>A browser may be remembered, and a remembered one is accepted. Not if multi-factor is asked for: the browser would be asked every time.</summary>
    [JsonIgnore]
    public bool MayRememberBrowser => AllowRememberBrowser && !AuthenticationContext.IsMultiFactorAskedBy(AcrValues);

    /// <summary>The address to which the form of the page leads at last. Browsers check it, too.</summary>
    [JsonIgnore]
    public string FinalUrl => Authorization?.RedirectUri ?? PostActionUrl;

    public static SignInData Parse(string json) => JsonSerializer.Deserialize(json, SignInJson.Default.SignInData)!;

    public string ToJson() => JsonSerializer.Serialize(this, SignInJson.Default.SignInData);
}

/// <summary>What a sign-in is for.</summary>
/// <param name="Authorization">The authorization request that it belongs to; null if there is none.</param>
internal sealed record SignInPurpose(SignInAuthorization? Authorization = null)
{
    /// <summary>It leads to the page on which users manage their factors, so a second factor is always asked for.</summary>
    public bool ManagesFactors { get; init; }

    /// <summary>See <see cref="SignInData.Adds"/>.</summary>
    public string? Adds { get; init; }

    /// <summary>An administrator signs in to the dashboard; null if it is for anything else.</summary>
    public AdministratorSignIn? Administrator { get; init; }

    /// <summary>Its result is posted to this server, and not to a callback of the client.</summary>
    public bool LeadsHere => Authorization is not null || ManagesFactors;

    /// <summary>A second factor is asked for, whatever the policies say.</summary>
    public bool NeedsFactor => ManagesFactors || Administrator is not null;

    /// <summary>A backend creates it through the Management API.</summary>
    public bool IsOfBackend => Authorization is null && Adds is null && Administrator is null;
}

/// <summary>A sign-in to the dashboard. It belongs to no client.</summary>
/// <param name="BrowserHash">See <see cref="SignInData.BrowserHash"/>.</param>
/// <param name="MayEnroll">An administrator without a factor enrolls one.</param>
internal sealed record AdministratorSignIn(string BrowserHash, bool MayEnroll);

/// <param name="RequestId">The id of the authorization request.</param>
/// <param name="RedirectUri">Where the browser goes in the end.</param>
/// <param name="FirstFactor">How Sallyport itself has checked the first factor (RFC 8176), separated by spaces; null if it has not.</param>
internal sealed record SignInAuthorization(
    [property: JsonPropertyName("request_id")] string RequestId,
    [property: JsonPropertyName("redirect_uri")] string RedirectUri,
    [property: JsonPropertyName("first_factor")] string? FirstFactor);

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, Converters = [typeof(Http.InstantConverter)])]
[JsonSerializable(typeof(SignInData))]
[JsonSerializable(typeof(CreateSignInRequest))]
[JsonSerializable(typeof(RedeemSignInRequest))]
[JsonSerializable(typeof(SignInResponse))]
[JsonSerializable(typeof(SignInStateResponse))]
[JsonSerializable(typeof(SignInResultResponse))]
[JsonSerializable(typeof(OfferedFactorResponse))]
internal sealed partial class SignInJson : JsonSerializerContext;
