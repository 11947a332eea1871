using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using Sallyport.Server.Http;

namespace Sallyport.Server.Users;

/// <summary>Body of <c>POST /users</c>.</summary>
public sealed record CreateUserRequest
{
    [JsonPropertyName("connection"), JsonRequired, StringLength(128, MinimumLength = 1)]
    public string Connection { get; init; } = "";

    [JsonPropertyName("user_id"), StringLength(255), RegularExpression(@"^\S*$")]
    public string? UserId { get; init; }

    [JsonPropertyName("email"), MailAddress]
    public string? Email { get; init; }

    [JsonPropertyName("email_verified")]
    public bool? EmailVerified { get; init; }

    [JsonPropertyName("verify_email")]
    public bool? VerifyEmail { get; init; }

    [JsonPropertyName("username"), StringLength(128, MinimumLength = 1)]
    public string? Username { get; init; }

    [JsonPropertyName("phone_number"), RegularExpression(UserRules.PhoneNumber)]
    public string? PhoneNumber { get; init; }

    [JsonPropertyName("phone_verified")]
    public bool? PhoneVerified { get; init; }

    [JsonPropertyName("password"), StringLength(1024, MinimumLength = 1)]
    public string? Password { get; init; }

    [JsonPropertyName("name"), StringLength(300, MinimumLength = 1)]
    public string? Name { get; init; }

    [JsonPropertyName("nickname"), StringLength(300, MinimumLength = 1)]
    public string? Nickname { get; init; }

    [JsonPropertyName("given_name"), StringLength(150, MinimumLength = 1)]
    public string? GivenName { get; init; }

    [JsonPropertyName("family_name"), StringLength(150, MinimumLength = 1)]
    public string? FamilyName { get; init; }

    [JsonPropertyName("picture"), WebAddress, StringLength(2048)]
    public string? Picture { get; init; }

    [JsonPropertyName("blocked")]
    public bool? Blocked { get; init; }

    [JsonPropertyName("user_metadata")]
    public Dictionary<string, JsonElement>? UserMetadata { get; init; }

    [JsonPropertyName("app_metadata")]
    public Dictionary<string, JsonElement>? AppMetadata { get; init; }

    public override string ToString() => $"CreateUserRequest in {Connection}";
}
