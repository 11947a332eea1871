using System.Text.Json.Serialization;
using Sallyport.Server.Audit;
using Sallyport.Server.Clients;
using Sallyport.Server.Storage;
using Sallyport.Server.Users;

namespace Sallyport.Server.SignIn.OpenIdConnect;

internal enum UserInfoOutcome
{
    Found,

    /// <summary>The token is not valid here, or its user is gone or blocked.</summary>
    TokenInvalid,

    /// <summary>The token lacks the scope <c>openid</c>.</summary>
    ScopeMissing,
}

/// <summary>The claims about the user of an access token (OpenID Connect Core section 5.3).</summary>
internal sealed class UserInfoQueries(Database database, AccessTokens accessTokens, UserTokens userTokens)
{
    private const string OpenId = "openid";

    public async ValueTask<(UserInfoOutcome Outcome, Dictionary<string, object>? Claims)> FindAsync(
        CallContext call, string token, CancellationToken cancellationToken)
    {
        if ((await accessTokens.ValidateAsync(token, userTokens.UserInfoAudience, cancellationToken)).Principal is not { } principal)
        {
            return (UserInfoOutcome.TokenInvalid, null);
        }

        if (!principal.Scopes.Contains(OpenId))
        {
            return (UserInfoOutcome.ScopeMissing, null);
        }

        var user = await database.ReadAsync(
            session => UserStore.FindAsync(session, call.Tenant, principal.Subject, cancellationToken), cancellationToken);
        return user is { Blocked: not true }
            ? (UserInfoOutcome.Found, UserTokens.ClaimsOf(user, [.. principal.Scopes]))
            : (UserInfoOutcome.TokenInvalid, null);
    }
}

/// <summary>The claims of <c>/userinfo</c>, for the OpenAPI document. Which ones there are depends on the scopes and on the user.</summary>
public sealed record UserInfoClaims(
    [property: JsonPropertyName("sub")] string Subject,
    [property: JsonPropertyName("email")] string? Email,
    [property: JsonPropertyName("email_verified")] bool? EmailVerified,
    [property: JsonPropertyName("name")] string? Name,
    [property: JsonPropertyName("nickname")] string? Nickname,
    [property: JsonPropertyName("picture")] string? Picture,
    [property: JsonPropertyName("given_name")] string? GivenName,
    [property: JsonPropertyName("family_name")] string? FamilyName,
    [property: JsonPropertyName("updated_at")] long? UpdatedAt);
