using Microsoft.AspNetCore.Http.HttpResults;
using Sallyport.Server.Audit;
using Sallyport.Server.Http;

namespace Sallyport.Server.Clients;

/// <summary>Grant types of <c>/oauth/token</c> that another feature serves. Part of the endpoint: translates outcomes to HTTP.</summary>
internal interface ITokenGrant
{
    IReadOnlyList<string> GrantTypes { get; }

    Task<Results<Ok<TokenResponse>, OAuthError>> ExchangeAsync(TokenRequest request, CallContext call, CancellationToken cancellationToken);
}

/// <summary>The errors that the grants for users share.</summary>
internal static class TokenErrors
{
    public static readonly OAuthError InvalidClient = new(401, "invalid_client", "Client authentication failed.");
    public static readonly OAuthError ApiNotAllowed = new(403, "access_denied", "The client may not get a token of a user for this audience.");

    public static OAuthError GrantTypeNotAllowed(string grantType) =>
        new(403, "unauthorized_client", $"Grant type '{grantType}' not allowed for the client.");

    public static OAuthError Missing(string parameter) => OAuthError.InvalidRequest($"Missing required parameter: {parameter}");
}
