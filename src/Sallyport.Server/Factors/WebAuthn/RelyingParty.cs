namespace Sallyport.Server.Factors.WebAuthn;

/// <summary>The relying party of WebAuthn ceremonies, from configuration and never from a request.</summary>
/// <param name="Id">The domain to which credentials are bound.</param>
/// <param name="Origin">The only origin whose pages may perform a ceremony.</param>
internal sealed record RelyingParty(string Id, string Origin)
{
    /// <param name="identifier">A parent domain that the tenant has chosen; null for the host of the public URL.</param>
    /// <returns>
    /// Null if no ceremony is possible: an address is no domain, and an identifier has to be the host or a registrable suffix of it
    /// (WebAuthn level 3 section 5.1.3, RP ID). Browsers also know the public suffixes; here a name without a dot is refused.
    /// </returns>
    public static RelyingParty? Of(string publicUrl, string? identifier)
    {
        var address = new Uri(publicUrl);
        if (address.HostNameType != UriHostNameType.Dns)
        {
            return null;
        }

        var host = address.IdnHost.ToLowerInvariant();
        var id = identifier?.ToLowerInvariant() ?? host;
        var port = address.IsDefaultPort ? "" : $":{address.Port}";
        return id == host || (id.Contains('.', StringComparison.Ordinal) && host.EndsWith("." + id, StringComparison.Ordinal))
            ? new RelyingParty(id, $"{address.Scheme}://{host}{port}")
            : null;
    }
}
