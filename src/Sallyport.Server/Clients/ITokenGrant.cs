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
