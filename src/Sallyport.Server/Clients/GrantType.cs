namespace Sallyport.Server.Clients;

/// <summary>The published grant types that a client may be allowed.</summary>
internal static class GrantType
{
    public const string ClientCredentials = "client_credentials";
    public const string AuthorizationCode = "authorization_code";
    public const string Implicit = "implicit";
    public const string RefreshToken = "refresh_token";
    public const string Password = "password";
    public const string PasswordRealm = "http://auth0.com/oauth/grant-type/password-realm";
    public const string MfaOtp = "http://auth0.com/oauth/grant-type/mfa-otp";
    public const string MfaOob = "http://auth0.com/oauth/grant-type/mfa-oob";
    public const string MfaRecoveryCode = "http://auth0.com/oauth/grant-type/mfa-recovery-code";
    public const string DeviceCode = "urn:ietf:params:oauth:grant-type:device_code";
}

/// <summary>How a client proves itself at the token endpoint (RFC 7591 section 2).</summary>
internal static class AuthMethods
{
    public const string None = "none";
    public const string Post = "client_secret_post";
    public const string Basic = "client_secret_basic";
}
