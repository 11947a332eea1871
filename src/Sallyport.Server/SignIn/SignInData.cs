using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sallyport.Server.SignIn;

/// <summary>What a sign-in keeps in <see cref="Transactions.Transaction.OriginData"/>.</summary>
internal sealed record SignInData
{
    [JsonPropertyName("v")]
    public int Version { get; init; } = 1;

    /// <summary>The Management API client that created the sign-in. Only this one may read and redeem it.</summary>
    [JsonPropertyName("created_by")]
    public required string CreatedBy { get; init; }

    /// <summary>One of the client's callbacks; the signed result is posted to it.</summary>
    [JsonPropertyName("post_action_url")]
    public required string PostActionUrl { get; init; }

    [JsonPropertyName("allow_remember_browser")]
    public bool AllowRememberBrowser { get; init; }

    /// <summary>Whether a user without an authenticator may enroll one.</summary>
    [JsonPropertyName("self_service_enrollment")]
    public bool SelfServiceEnrollment { get; init; }

    [JsonPropertyName("nonce")]
    public string? Nonce { get; init; }

    [JsonPropertyName("binding_message")]
    public string? BindingMessage { get; init; }

    /// <summary>Separated by spaces.</summary>
    [JsonPropertyName("acr_values")]
    public string? AcrValues { get; init; }

    public static SignInData Parse(string json) => JsonSerializer.Deserialize(json, SignInJson.Default.SignInData)!;

    public string ToJson() => JsonSerializer.Serialize(this, SignInJson.Default.SignInData);
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, Converters = [typeof(Http.InstantConverter)])]
[JsonSerializable(typeof(SignInData))]
[JsonSerializable(typeof(CreateSignInRequest))]
[JsonSerializable(typeof(RedeemSignInRequest))]
[JsonSerializable(typeof(SignInResponse))]
[JsonSerializable(typeof(SignInStateResponse))]
[JsonSerializable(typeof(SignInResultResponse))]
internal sealed partial class SignInJson : JsonSerializerContext;
