using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Sallyport.Server.Http.Payloads;

namespace Sallyport.Server.AuthenticationMethods;

/// <summary>The properties that the requests to create one method and to replace all methods share.</summary>
public abstract record AuthenticationMethodProperties
{
    [JsonPropertyName("name"), StringLength(MethodRules.MaxNameLength, MinimumLength = 1)]
    public string? Name { get; init; }

    [JsonPropertyName("totp_secret"), Base32Key]
    public string? TotpSecret { get; init; }

    [JsonPropertyName("phone_number"), RegularExpression(MethodRules.PhoneNumber)]
    public string? PhoneNumber { get; init; }

    [JsonPropertyName("email"), MailAddress]
    public string? Email { get; init; }

    [JsonPropertyName("preferred_authentication_method"), AllowedValues(MethodTypes.Sms, MethodTypes.Voice)]
    public string? PreferredMethod { get; init; }

    public override string ToString() => "***";
}
