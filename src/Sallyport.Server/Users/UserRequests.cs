using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using Sallyport.Server.Http;
using Sallyport.Server.Http.Payloads;

namespace Sallyport.Server.Users;

/// <summary>The members of a new user, created by a request or an import.</summary>
public abstract record UserProperties
{
    [JsonPropertyName("user_id"), StringLength(255), RegularExpression(@"^\S*$")]
    public string? UserId { get; init; }

    [JsonPropertyName("email"), MailAddress]
    public string? Email { get; init; }

    [JsonPropertyName("email_verified")]
    public bool? EmailVerified { get; init; }

    [JsonPropertyName("username"), StringLength(UserRules.MaxUsernameLength, MinimumLength = 1)]
    public string? Username { get; init; }

    [JsonPropertyName("phone_number"), RegularExpression(UserRules.PhoneNumber)]
    public string? PhoneNumber { get; init; }

    [JsonPropertyName("phone_verified")]
    public bool? PhoneVerified { get; init; }

    [JsonPropertyName("name"), StringLength(UserRules.MaxNameLength, MinimumLength = 1)]
    public string? Name { get; init; }

    [JsonPropertyName("nickname"), StringLength(UserRules.MaxNameLength, MinimumLength = 1)]
    public string? Nickname { get; init; }

    [JsonPropertyName("given_name"), StringLength(UserRules.MaxNamePartLength, MinimumLength = 1)]
    public string? GivenName { get; init; }

    [JsonPropertyName("family_name"), StringLength(UserRules.MaxNamePartLength, MinimumLength = 1)]
    public string? FamilyName { get; init; }

    [JsonPropertyName("picture"), WebAddress, StringLength(UserRules.MaxPictureLength)]
    public string? Picture { get; init; }

    [JsonPropertyName("blocked")]
    public bool? Blocked { get; init; }

    [JsonPropertyName("user_metadata")]
    public Dictionary<string, JsonElement>? UserMetadata { get; init; }

    [JsonPropertyName("app_metadata")]
    public Dictionary<string, JsonElement>? AppMetadata { get; init; }

    /// <returns>A fault if the user has no identifier, which no annotation of one property can express.</returns>
    internal ApiError? FindMissing() =>
        this is { Email: null, Username: null, PhoneNumber: null } ? ApiError.Payload("Missing required property: email") : null;
}

/// <summary>Body of <c>POST /users</c>.</summary>
public sealed record CreateUserRequest : UserProperties
{
    [JsonPropertyName("connection"), JsonRequired, StringLength(128, MinimumLength = 1)]
    public string Connection { get; init; } = "";

    /// <summary>Validated and ignored: <c>POST /jobs/verification-email</c> sends the mail.</summary>
    [JsonPropertyName("verify_email")]
    public bool? VerifyEmail { get; init; }

    [JsonPropertyName("password"), StringLength(UserRules.MaxPasswordLength, MinimumLength = 1)]
    public string? Password { get; init; }

    public override string ToString() => $"CreateUserRequest in {Connection}";
}

/// <summary>Body of <c>PATCH /users/{id}</c>. Like the published API it ignores unknown members.</summary>
public sealed record PatchUserRequest
{
    /// <summary>The connection of the user. It cannot be changed.</summary>
    [JsonPropertyName("connection"), StringLength(128, MinimumLength = 1)]
    public string? Connection { get; init; }

    [JsonPropertyName("email"), NullableOnWire, MailAddress]
    public string? Email { get; init; }

    [JsonPropertyName("email_verified")]
    public bool? EmailVerified { get; init; }

    /// <summary>Validated and ignored: <c>POST /jobs/verification-email</c> sends the mail.</summary>
    [JsonPropertyName("verify_email")]
    public bool? VerifyEmail { get; init; }

    [JsonPropertyName("username"), NullableOnWire, StringLength(UserRules.MaxUsernameLength, MinimumLength = 1)]
    public string? Username { get; init; }

    [JsonPropertyName("phone_number"), NullableOnWire, RegularExpression(UserRules.PhoneNumber)]
    public string? PhoneNumber { get; init; }

    [JsonPropertyName("phone_verified")]
    public bool? PhoneVerified { get; init; }

    /// <summary>Validated and ignored: there is no verification message yet.</summary>
    [JsonPropertyName("verify_phone_number")]
    public bool? VerifyPhoneNumber { get; init; }

    /// <summary>The client on whose behalf an address is changed. Validated and ignored.</summary>
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
