using Sallyport.Server.Configuration;

namespace Sallyport.Server.Http;

/// <summary>
/// Cookies of this very host. Over https their names have a prefix with which browsers accept them from no other host and no insecure connection;
/// one without it counts for nothing, because a subdomain may have planted it.
/// </summary>
internal sealed class HostCookie(SallyportOptions options)
{
    private readonly bool isSecure = options.PublicUrl.StartsWith("https:", StringComparison.Ordinal);

    public string NameOf(string name) => (isSecure ? "__Host-" : "") + name;

    public string? Find(HttpRequest request, string name) => request.Cookies[NameOf(name)];

    public void Set(HttpResponse response, string name, string value, TimeSpan lifetime) => Append(response, NameOf(name), value, lifetime);

    public void Delete(HttpResponse response, string name) => DeleteNamed(response, NameOf(name));

    /// <param name="fullName">As browsers send it.</param>
    public void DeleteNamed(HttpResponse response, string fullName) => Append(response, fullName, "", TimeSpan.Zero);

    private void Append(HttpResponse response, string fullName, string value, TimeSpan lifetime) => response.Cookies.Append(
        fullName,
        value,
        new CookieOptions { HttpOnly = true, Secure = isSecure, SameSite = SameSiteMode.Lax, Path = "/", MaxAge = lifetime });
}
