using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Sallyport.Server.AuthenticationMethods;

/// <summary>An item of the body of <c>PUT /users/{id}/authentication-methods</c>.</summary>
public sealed record SetAuthenticationMethodRequest : AuthenticationMethodProperties
{
    [JsonPropertyName("type"), JsonRequired, AllowedValues(MethodTypes.Phone, MethodTypes.Email, MethodTypes.Totp)]
    public string Type { get; init; } = "";

    public override string ToString() => $"{Type} ***";
}
