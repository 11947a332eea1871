namespace Sallyport.Server.SignIn;

/// <summary>Addresses to which a browser posts a result.</summary>
internal static class CallbackAddress
{
    /// <summary>The page of this server on which users manage their factors. Every client may send its users there.</summary>
    public const string YourFactorsPath = "/mfa/your-factors";

    /// <summary>Compared as exact strings, like redirect addresses (RFC 9700 section 2.1).</summary>
    public static bool IsOneOf(string[]? callbacks, string address) =>
        callbacks?.Contains(address, StringComparer.Ordinal) == true && IsValid(address);

    /// <summary>Also allows the private schemes of apps, such as <c>com.example.app:/callback</c> (RFC 8252 section 7.1).</summary>
    public static bool IsRedirectUriOf(string[]? callbacks, string address) =>
        callbacks?.Contains(address, StringComparer.Ordinal) == true && (IsValid(address) || IsOfApp(address));

    private static bool IsOfApp(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme.Contains('.', StringComparison.Ordinal);

    /// <returns>Whether it is an absolute http or https address with a host name or an IP address.</returns>
    public static bool IsValid(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
        && address.StartsWith(uri.Scheme + "://", StringComparison.OrdinalIgnoreCase)
        && Uri.CheckHostName(uri.IdnHost) is UriHostNameType.Dns or UriHostNameType.IPv4 or UriHostNameType.IPv6;
}
