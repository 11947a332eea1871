using Sallyport.Server.Configuration;
using Sallyport.Server.Security;

namespace Sallyport.Server.SignIn;

/// <summary>
/// The cookie of a remembered browser: a random secret for each user that the browser remembers, the newest first. Which user a secret
/// belongs to stands in the database only, and never changes: a cookie that somebody has planted in a browser is worth nothing after
/// another user has had it remembered.
/// </summary>
internal sealed record BrowserCookie(IReadOnlyList<string> Secrets)
{
    public const string Name = "auth0-mf";

    /// <summary>The number of users that one browser remembers. A further user replaces the one that was remembered first.</summary>
    public const int MaxSecrets = 5;

    private const int SecretLength = 43;
    private const char Separator = '.';

    public static BrowserCookie Of(HttpRequest request) => Parse(request.Cookies[Name]);

    /// <summary>Reads the secrets in a cookie and ignores everything else in it.</summary>
    public static BrowserCookie Parse(string? value) =>
        value is null || value.Length > MaxSecrets * (SecretLength + 1)
            ? new BrowserCookie([])
            : new BrowserCookie([.. value.Split(Separator).Where(IsSecret).Distinct(StringComparer.Ordinal).Take(MaxSecrets)]);

    public static string NewSecret() => Tokens.NewAlphaNumeric(SecretLength);

    public BrowserCookie With(string secret) => new([secret, .. Secrets.Take(MaxSecrets - 1)]);

    public void Set(HttpResponse response, SallyportOptions options, TimeSpan lifetime) => response.Cookies.Append(
        Name,
        string.Join(Separator, Secrets),
        new CookieOptions
        {
            HttpOnly = true,
            Secure = options.PublicUrl.StartsWith("https:", StringComparison.Ordinal),
            SameSite = SameSiteMode.Lax,
            Path = "/",
            MaxAge = lifetime,
        });

    public override string ToString() => "***";

    private static bool IsSecret(string text) => text.Length == SecretLength && text.All(char.IsAsciiLetterOrDigit);
}
