using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Sallyport.Server.Users;

/// <summary>Body of <c>POST /users</c>.</summary>
public sealed record CreateUserRequest : UserProperties
{
    [JsonPropertyName("connection"), JsonRequired, StringLength(128, MinimumLength = 1)]
    public string Connection { get; init; } = "";

    /// <summary>Checked and without effect: <c>POST /jobs/verification-email</c> sends the mail.</summary>
    [JsonPropertyName("verify_email")]
    public bool? VerifyEmail { get; init; }

    [JsonPropertyName("password"), StringLength(UserRules.MaxPasswordLength, MinimumLength = 1)]
    public string? Password { get; init; }

    public override string ToString() => $"CreateUserRequest in {Connection}";
}
