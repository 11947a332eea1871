using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Sallyport.Server.AuthenticationMethods;

/// <summary>Body of <c>POST /users/{id}/authentication-methods</c>.</summary>
public sealed record CreateAuthenticationMethodRequest : AuthenticationMethodProperties
{
    [JsonPropertyName("type"), JsonRequired]
    [AllowedValues(MethodTypes.Phone, MethodTypes.Email, MethodTypes.Totp, MethodTypes.WebAuthnRoaming, MethodTypes.Passkey)]
    public string Type { get; init; } = "";

    [JsonPropertyName("key_id"), BinaryText(1023)]
    public string? KeyId { get; init; }

    [JsonPropertyName("public_key"), BinaryText(4096)]
    public string? PublicKey { get; init; }

    [JsonPropertyName("relying_party_identifier"), StringLength(253, MinimumLength = 1)]
    public string? RelyingPartyIdentifier { get; init; }

    [JsonPropertyName("aaguid"), RegularExpression("^[0-9A-Fa-f]{8}-([0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}$")]
    public string? Aaguid { get; init; }

    [JsonPropertyName("credential_device_type"), AllowedValues("single_device", "multi_device")]
    public string? CredentialDeviceType { get; init; }

    [JsonPropertyName("credential_backed_up")]
    public bool? CredentialBackedUp { get; init; }

    [JsonPropertyName("identity_user_id"), StringLength(300, MinimumLength = 1)]
    public string? IdentityUserId { get; init; }

    [JsonPropertyName("user_agent"), StringLength(512, MinimumLength = 1)]
    public string? UserAgent { get; init; }

    [JsonPropertyName("user_handle"), BinaryText(64)]
    public string? UserHandle { get; init; }

    [JsonPropertyName("transports"), MaxLength(8)]
    public string[]? Transports { get; init; }

    public override string ToString() => $"{Type} ***";
}
