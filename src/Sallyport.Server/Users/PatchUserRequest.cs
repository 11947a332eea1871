using Sallyport.Server.Http.Payloads;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sallyport.Server.Users;

/// <summary>Body of <c>PATCH /users/{id}</c>: open, since the published API ignores what it does not know here.</summary>
public sealed record PatchUserRequest
{
    /// <summary>Where the user is. Nobody is moved to another.</summary>
    [JsonPropertyName("connection"), StringLength(128, MinimumLength = 1)]
    public string? Connection { get; init; }

    [JsonPropertyName("email"), NullableOnWire, MailAddress]
    public string? Email { get; init; }

    [JsonPropertyName("email_verified")]
    public bool? EmailVerified { get; init; }

    /// <summary>Checked and without effect: <c>POST /jobs/verification-email</c> sends the mail.</summary>
    [JsonPropertyName("verify_email")]
    public bool? VerifyEmail { get; init; }

    [JsonPropertyName("username"), NullableOnWire, StringLength(UserRules.MaxUsernameLength, MinimumLength = 1)]
    public string? Username { get; init; }

    [JsonPropertyName("phone_number"), NullableOnWire, RegularExpression(UserRules.PhoneNumber)]
    public string? PhoneNumber { get; init; }

    [JsonPropertyName("phone_verified")]
    public bool? PhoneVerified { get; init; }

    /// <summary>Checked and without effect: there is no verification message yet.</summary>
    [JsonPropertyName("verify_phone_number")]
    public bool? VerifyPhoneNumber { get; init; }

    /// <summary>Of the client in whose name an address is changed.</summary>
    [JsonPropertyName("client_id"), StringLength(64, MinimumLength = 1)]
    public string? ClientId { get; init; }

    [JsonPropertyName("password"), NullableOnWire, StringLength(UserRules.MaxPasswordLength, MinimumLength = 1)]
    public string? Password { get; init; }

    [JsonPropertyName("name"), NullableOnWire, StringLength(UserRules.MaxNameLength, MinimumLength = 1)]
    public string? Name { get; init; }

    [JsonPropertyName("nickname"), NullableOnWire, StringLength(UserRules.MaxNameLength, MinimumLength = 1)]
    public string? Nickname { get; init; }

    [JsonPropertyName("given_name"), NullableOnWire, StringLength(UserRules.MaxNamePartLength, MinimumLength = 1)]
    public string? GivenName { get; init; }

    [JsonPropertyName("family_name"), NullableOnWire, StringLength(UserRules.MaxNamePartLength, MinimumLength = 1)]
    public string? FamilyName { get; init; }

    [JsonPropertyName("picture"), NullableOnWire, WebAddress, StringLength(UserRules.MaxPictureLength)]
    public string? Picture { get; init; }

    [JsonPropertyName("blocked")]
    public bool? Blocked { get; init; }

    [JsonPropertyName("user_metadata"), NullableOnWire]
    public Dictionary<string, JsonElement>? UserMetadata { get; init; }

    [JsonPropertyName("app_metadata"), NullableOnWire]
    public Dictionary<string, JsonElement>? AppMetadata { get; init; }

    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Unknown { get; set; }

    public override string ToString() => "PatchUserRequest";
}
