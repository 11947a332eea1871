using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using Sallyport.Server.AuthenticationMethods;
using Sallyport.Server.Http;
using Sallyport.Server.Users;

namespace Sallyport.Server.Jobs;

/// <summary>A user in a file to import, with the second factors that they have already (guardian-behaviour 1.11).</summary>
public sealed record ImportRecord
{
    [JsonPropertyName("user_id"), StringLength(255), RegularExpression(@"^[^\s|]*$")]
    public string? UserId { get; init; }

    [JsonPropertyName("email"), MailAddress]
    public string? Email { get; init; }

    [JsonPropertyName("email_verified")]
    public bool? EmailVerified { get; init; }

    [JsonPropertyName("username"), StringLength(128, MinimumLength = 1)]
    public string? Username { get; init; }

    [JsonPropertyName("phone_number"), RegularExpression(UserRules.PhoneNumber)]
    public string? PhoneNumber { get; init; }

    [JsonPropertyName("phone_verified")]
    public bool? PhoneVerified { get; init; }

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

    [JsonPropertyName("mfa_factors"), Length(1, 10)]
    public ImportFactor[]? Factors { get; init; }

    public override string ToString() => "ImportRecord ***";

    internal CreateUserRequest ToRequest(string connection) => new()
    {
        Connection = connection,
        UserId = UserId,
        Email = Email,
        EmailVerified = EmailVerified,
        Username = Username,
        PhoneNumber = PhoneNumber,
        PhoneVerified = PhoneVerified,
        Name = Name,
        Nickname = Nickname,
        GivenName = GivenName,
        FamilyName = FamilyName,
        Picture = Picture,
        Blocked = Blocked,
        UserMetadata = UserMetadata,
        AppMetadata = AppMetadata,
    };
}

/// <summary>Exactly one of the three.</summary>
public sealed record ImportFactor
{
    [JsonPropertyName("totp")]
    public ImportTotp? Totp { get; init; }

    [JsonPropertyName("phone")]
    public ImportPhone? Phone { get; init; }

    [JsonPropertyName("email")]
    public ImportEmail? Email { get; init; }

    public override string ToString() => "ImportFactor ***";

    internal bool IsOne => new object?[] { Totp, Phone, Email }.Count(part => part is not null) == 1;

    internal NewAuthenticationMethod ToMethod() => NewAuthenticationMethod.Of(new CreateAuthenticationMethodRequest
    {
        Type = Totp is not null ? MethodTypes.Totp : Phone is not null ? MethodTypes.Phone : MethodTypes.Email,
        TotpSecret = Totp?.Secret,
        PhoneNumber = Phone?.Value,
        Email = Email?.Value,
    });
}

public sealed record ImportTotp
{
    [JsonPropertyName("secret"), JsonRequired, RegularExpression("^[A-Z2-7]+$"), Base32Key]
    public string Secret { get; init; } = "";

    public override string ToString() => "***";
}

public sealed record ImportPhone([property: JsonPropertyName("value"), JsonRequired, RegularExpression(MethodRules.PhoneNumber)] string Value);

public sealed record ImportEmail([property: JsonPropertyName("value"), JsonRequired, MailAddress] string Value);
