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
        if ((await accessTokens.ValidateAsync(token, userTokens.UserInfoAudience)).Principal is not { } principal)
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
