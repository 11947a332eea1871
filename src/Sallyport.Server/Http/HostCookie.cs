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

/// <summary>Cookies for things that a browser may do several of at once, one for each, so that two tabs do not disturb each other.</summary>
/// <param name="max">Another site can have a browser begin any number of them. With too many cookies, proxies refuse all its requests.</param>
internal sealed class HostCookies(SallyportOptions options, string prefix, int max)
{
    private readonly HostCookie cookie = new(options);

    public string? Find(HttpRequest request, string id) => cookie.Find(request, prefix + id);

    /// <summary>Removes the oldest cookies, which a browser sends first (RFC 6265 section 5.4), if there are too many.</summary>
    public void Set(HttpContext context, string id, string value, TimeSpan lifetime)
    {
        var names = context.Request.Cookies.Keys.Where(name => name.StartsWith(cookie.NameOf(prefix), StringComparison.Ordinal));
        foreach (var old in names.SkipLast(max - 1))
        {
            cookie.DeleteNamed(context.Response, old);
        }

        cookie.Set(context.Response, prefix + id, value, lifetime);
    }

    public void Delete(HttpResponse response, string id) => cookie.Delete(response, prefix + id);
}
