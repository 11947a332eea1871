using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Sallyport.Server.Factors;
using Sallyport.Server.Factors.Push;
using Sallyport.Server.Http;
using Sallyport.Server.Http.Payloads;
using Sallyport.Server.Messages;

namespace Sallyport.Server.Transactions.Guardian;

/// <summary>Body of <c>enroll</c> (docs/wire.md §4.3).</summary>
public sealed record EnrollRequest : GuardianRequest, ICheckedBody
{
    [JsonPropertyName("identifier"), JsonRequired, StringLength(255, MinimumLength = 1)]
    public string Identifier { get; init; } = "";

    [JsonPropertyName("name"), JsonRequired, StringLength(DeviceName.MaxLength, MinimumLength = 1)]
    public string Name { get; init; } = "";

    [JsonPropertyName("push_credentials"), JsonRequired]
    public PushCredentialsRequest PushCredentials { get; init; } = new();

    [JsonPropertyName("public_key"), JsonRequired]
    public PublicKeyRequest PublicKey { get; init; } = new();

    internal DeviceRegistration ToRegistration() => new(Identifier, DeviceName.Clean(Name), PublicKey.ToJwk()!)
    {
        PushService = PushCredentials.Service,
        PushToken = PushCredentials.Token,
    };

    ApiError? ICheckedBody.FindFault() =>
        PublicKey.ToJwk() is null
            ? ApiError.Payload("Must be an RSA key of 2048 to 4096 bits for RS256, or a key on P-256 for ES256", "public_key")
            : null;

    public override string ToString() => "***";
}

/// <summary>A phone names itself, and the name is shown to its user and to administrators.</summary>
internal static class DeviceName
{
    public const int MaxLength = 255;

    /// <returns>One visible line; a hyphen if nothing of the name is visible.</returns>
    public static string Clean(string name) => HeaderText.Clean(name, MaxLength) is { Length: > 0 } visible ? visible : "-";
}

public sealed record PushCredentialsRequest : GuardianRequest
{
    [JsonPropertyName("service"), JsonRequired, AllowedValues(PushPayload.Apns, PushPayload.Gcm)]
    public string Service { get; init; } = "";

    /// <summary>It becomes a segment of an address at APNs, so it may not consist of dots.</summary>
    [JsonPropertyName("token"), JsonRequired, StringLength(4096, MinimumLength = 1), RegularExpression(@"^(?!\.+$)[\x21-\x7E]+$")]
    public string Token { get; init; } = "";

    public override string ToString() => "***";
}

/// <summary>A JSON Web Key (RFC 7517).</summary>
public sealed record PublicKeyRequest : GuardianRequest
{
    [JsonPropertyName("kty"), JsonRequired, AllowedValues(DeviceKey.Rsa, DeviceKey.Ec)]
    public string KeyType { get; init; } = "";

    [JsonPropertyName("alg"), NullableOnWire, StringLength(16)]
    public string? Algorithm { get; init; }

    [JsonPropertyName("use"), NullableOnWire, StringLength(16)]
    public string? Use { get; init; }

    [JsonPropertyName("e"), NullableOnWire, StringLength(16)]
    public string? Exponent { get; init; }

    [JsonPropertyName("n"), NullableOnWire, StringLength(1024)]
    public string? Modulus { get; init; }

    [JsonPropertyName("crv"), NullableOnWire, StringLength(16)]
    public string? Curve { get; init; }

    [JsonPropertyName("x"), NullableOnWire, StringLength(64)]
    public string? X { get; init; }

    [JsonPropertyName("y"), NullableOnWire, StringLength(64)]
    public string? Y { get; init; }

    /// <returns>Null if the key is malformed, weak, or meant for something else.</returns>
    internal string? ToJwk() => (KeyType, Use ?? "sig") switch
    {
        (DeviceKey.Rsa, "sig") when Algorithm is null or "RS256" => DeviceKey.FromRsa(Modulus, Exponent),
        (DeviceKey.Ec, "sig") when Algorithm is null or "ES256" && Curve == DeviceKey.P256 => DeviceKey.FromP256(X, Y),
        _ => null,
    };

    public override string ToString() => "***";
}

/// <summary>Body of <c>resolve-transaction</c> (docs/wire.md §4.4).</summary>
public sealed record ResolveTransactionRequest : GuardianRequest
{
    [JsonPropertyName("challenge_response"), JsonRequired, StringLength(DeviceToken.MaxLength, MinimumLength = 1)]
    public string ChallengeResponse { get; init; } = "";

    public override string ToString() => "***";
}

/// <summary>Body of <c>PATCH device-accounts/{id}</c>: what has changed.</summary>
public sealed record DeviceAccountPatch : GuardianRequest
{
    [JsonPropertyName("identifier"), StringLength(255, MinimumLength = 1)]
    public string? Identifier { get; init; }

    [JsonPropertyName("name"), StringLength(DeviceName.MaxLength, MinimumLength = 1)]
    public string? Name { get; init; }

    [JsonPropertyName("push_credentials")]
    public PushCredentialsRequest? PushCredentials { get; init; }

    public override string ToString() => "***";
}

/// <summary>The answer to <c>enroll</c>.</summary>
public sealed record EnrollResponse
{
    [JsonPropertyName("id")]
    public required string Id { get; init; }

    [JsonPropertyName("url")]
    public required string Url { get; init; }

    [JsonPropertyName("issuer")]
    public required string Issuer { get; init; }

    [JsonPropertyName("user_id")]
    public required string UserId { get; init; }

    [JsonPropertyName("token")]
    public required string Token { get; init; }

    [JsonPropertyName("totp")]
    public EnrolledTotp? Totp { get; init; }

    public override string ToString() => "***";
}

/// <param name="Algorithm">In lower case: the SDK for iOS takes no other.</param>
public sealed record EnrolledTotp(
    [property: JsonPropertyName("secret")] string Secret,
    [property: JsonPropertyName("algorithm")] string Algorithm,
    [property: JsonPropertyName("digits")] int Digits,
    [property: JsonPropertyName("period")] int Period)
{
    public override string ToString() => "***";
}

public sealed record DeviceAccountAnswer(
    [property: JsonPropertyName("id")] string Id,
    [property: JsonPropertyName("identifier")] string Identifier,
    [property: JsonPropertyName("name")] string? Name,
    [property: JsonPropertyName("push_credentials")] PushCredentialsAnswer? PushCredentials);

public sealed record PushCredentialsAnswer(
    [property: JsonPropertyName("service")] string Service,
    [property: JsonPropertyName("token")] string Token)
{
    public override string ToString() => "***";
}

/// <summary>The answer to <c>rich-consents/{id}</c> (docs/wire.md §4.6).</summary>
public sealed record ConsentResponse(
    [property: JsonPropertyName("id")] string Id,
    [property: JsonPropertyName("requested_details")] ConsentDetails RequestedDetails,
    [property: JsonPropertyName("created_at")] DateTimeOffset CreatedAt,
    [property: JsonPropertyName("expires_at")] DateTimeOffset ExpiresAt);

public sealed record ConsentDetails(
    [property: JsonPropertyName("audience")] string Audience,
    [property: JsonPropertyName("scope")] IReadOnlyList<string> Scope,
    [property: JsonPropertyName("binding_message")] string? BindingMessage);
