using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Sallyport.Server.AuthenticationMethods;

/// <summary>
/// Body of <c>PATCH /users/{id}/authentication-methods/{authentication_method_id}</c>: the name and the
/// preferred channel of a method.
/// </summary>
public sealed record PatchAuthenticationMethodRequest
{
    [JsonPropertyName("name"), StringLength(MethodRules.MaxNameLength, MinimumLength = 1)]
    public string? Name { get; init; }

    [JsonPropertyName("preferred_authentication_method"), AllowedValues(MethodTypes.Sms, MethodTypes.Voice)]
    public string? PreferredMethod { get; init; }
}
