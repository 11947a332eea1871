namespace Sallyport.Server.SignIn;

/// <summary>Addresses to which a browser posts a result.</summary>
internal static class CallbackAddress
{
    /// <returns>Whether it is an absolute http or https address with a host name or an IP address.</returns>
    public static bool IsValid(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
        && address.StartsWith(uri.Scheme + "://", StringComparison.OrdinalIgnoreCase)
        && Uri.CheckHostName(uri.IdnHost) is UriHostNameType.Dns or UriHostNameType.IPv4 or UriHostNameType.IPv6;
}
