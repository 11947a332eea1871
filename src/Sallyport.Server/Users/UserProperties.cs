using Sallyport.Server.Http.Payloads;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using Sallyport.Server.Http;

namespace Sallyport.Server.Users;

/// <summary>What may be said of a user who is new, however they come in.</summary>
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

    /// <returns>What is missing, since no annotation of one property can say it.</returns>
    internal ApiError? FindMissing() =>
        this is { Email: null, Username: null, PhoneNumber: null } ? ApiError.Payload("Missing required property: email") : null;
}
