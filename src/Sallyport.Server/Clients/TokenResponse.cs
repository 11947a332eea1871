using System.Text.Json.Serialization;

namespace Sallyport.Server.Clients;

/// <summary>RFC 6749 section 5.1.</summary>
public sealed record TokenResponse(
    [property: JsonPropertyName("access_token")] string AccessToken,
    [property: JsonPropertyName("scope")] string Scope,
    [property: JsonPropertyName("expires_in")] int ExpiresIn,
    [property: JsonPropertyName("token_type")] string TokenType)
{
    public override string ToString() => $"{TokenType} ***";
}
