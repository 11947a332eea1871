namespace Sallyport.Server.Clients;

/// <summary>Rules about the audience and the scopes of a token request.</summary>
internal static class Audience
{
    private static readonly string[] Schemes = ["https://", "http://"];

    /// <summary>
    /// The vendor's clients always request audiences such as <c>https://{domain}/api/v2/</c>, even over http. Scheme and final slash do not
    /// distinguish APIs of this server.
    /// </summary>
    public static bool IsSame(string requested, string own) => WithoutScheme(requested) is { } plain && plain == WithoutScheme(own);

    /// <returns>The granted scopes that were requested; all of them if none was.</returns>
    public static string Narrow(string granted, string? requested) =>
        string.IsNullOrWhiteSpace(requested)
            ? granted
            : string.Join(' ', granted.Split(' ').Intersect(requested.Split(' '), StringComparer.Ordinal));

    /// <returns>The address without scheme and final slash; null if it is not an http address.</returns>
    private static string? WithoutScheme(string audience)
    {
        if (Schemes.FirstOrDefault(scheme => audience.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)) is not { } scheme)
        {
            return null;
        }

        var plain = audience[scheme.Length..];
        return plain.EndsWith('/') ? plain[..^1] : plain;
    }
}
