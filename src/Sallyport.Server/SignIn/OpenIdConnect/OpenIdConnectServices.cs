using Sallyport.Server.Clients;
using Sallyport.Server.Configuration;
using Sallyport.Server.Policies;
using Sallyport.Server.Storage;
using Sallyport.Server.Users;

namespace Sallyport.Server.SignIn.OpenIdConnect;

internal static class OpenIdConnectServices
{
    /// <summary>Rows are kept for some time, so that the log can say that a code was used before.</summary>
    private static readonly TimeSpan Retention = TimeSpan.FromHours(1);

    public static void AddOpenIdConnect(this IServiceCollection services, SallyportOptions options)
    {
        services.AddSingleton(new AuthorizationResponses(options.Issuer));
        services.AddSingleton<AuthorizationSecrets>();
        services.AddSingleton<AuthorizationContext>();
        services.AddSingleton<OpenAuthorizations>();
        services.AddSingleton<ISignInBrowsers, AuthorizationBrowsers>();
        services.AddSingleton<HintedUsers>();
        services.AddSingleton<PushAuthorization>();
        services.AddSingleton<StartAuthorization>();
        services.AddSingleton<ContinueAuthorization>();
        services.AddSingleton<AnswerAuthorization>();
        services.AddSingleton<ResumeAuthorization>();
        services.AddSingleton<EntraKeys>();
        services.AddSingleton<EntraHints>();
        services.AddSingleton<StartEntra>();
        services.AddSingleton<AnswerEntra>();
        services.AddSingleton<PasswordAuthorizations>();
        services.AddSingleton<CheckPassword>();
        services.AddSingleton<PasswordPage>();
        services.AddSingleton<ExchangeCode>();
        services.AddSingleton<UserInfoQueries>();
        services.AddSingleton<ITokenGrant, AuthorizationCodeGrant>();
        services.AddSingleton<IDiscoveryPart, AuthorizationDiscovery>();
        services.AddSingleton<IUserCredential, AuthorizationCredentials>();
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, AuthorizationApiJson.Default));
        services.AddSingleton(new RetentionRule("pushed_request", "request_hash", "expires_at < @before", Retention));
        services.AddSingleton<ITokenRevocations, AuthorizationTokenRevocations>();
        services.AddSingleton(new RetentionRule("authorization_request", "request_id", "expires_at < @before AND revoked_at IS NULL", Retention));
        services.AddSingleton(new RetentionRule("authorization_request", "request_id", "revoked_at < @before", UserTokens.MaxRevocableLifetime));
    }
}

internal sealed class AuthorizationDiscovery : IDiscoveryPart
{
    public DiscoveryDocument AddTo(DiscoveryDocument document, SallyportOptions options) => document with
    {
        AuthorizationEndpoint = options.PublicUrl + AuthorizationEndpoints.AuthorizePath,
        PushedAuthorizationRequestEndpoint = options.PublicUrl + AuthorizationEndpoints.PushPath,
        UserInfoEndpoint = options.PublicUrl + AuthorizationEndpoints.UserInfoPath,
        ResponseTypesSupported = [AuthorizationRules.ResponseType, EntraRules.ResponseType],
        ResponseModesSupported = AuthorizationRules.ResponseModes,
        PromptValuesSupported = AuthorizationRules.PromptValues,
        CodeChallengeMethodsSupported = [AuthorizationRules.ChallengeMethod],
        ScopesSupported = ["openid", "profile", "email"],
        ClaimsSupported =
        [
            "iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "acr", "amr", "email", "email_verified", "name", "nickname", "given_name",
            "family_name", "picture", "updated_at",
        ],
        AcrValuesSupported = [AuthenticationContext.MultiFactor],
        AuthorizationResponseIssParameterSupported = true,
        RequestUriParameterSupported = false,
    };
}
