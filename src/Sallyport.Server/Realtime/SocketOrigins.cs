using Microsoft.AspNetCore.Cors.Infrastructure;
using Sallyport.Server.Configuration;

namespace Sallyport.Server.Realtime;

/// <summary>
/// The pages that may open a socket: those of <c>Sallyport:AllowedOrigins</c> and our own. A browser asks before a websocket
/// no less than it asks before a poll, but lets it through, so origins are compared here for both.
/// </summary>
internal sealed class SocketOrigins(SallyportOptions options)
{
    public const string Policy = "sockets";

    /// <summary>
    /// Clients of Engine.IO 3 ask with credentials, and a browser shows them the answer only where the origin is named and
    /// credentials are allowed (guardian-wire 2.3). There are none that a foreign page could abuse: no cookie is ever read here.
    /// </summary>
    public static void Build(CorsPolicyBuilder policy, SallyportOptions options) =>
        policy.SetIsOriginAllowed(new SocketOrigins(options).IsAllowed)
            .AllowCredentials()
            .WithMethods("GET", "POST")
            .WithHeaders("content-type", "accept")
            .SetPreflightMaxAge(TimeSpan.FromHours(1));

    /// <summary>What is no browser names no origin.</summary>
    public bool IsAllowed(HttpRequest request) =>
        request.Headers.Origin is not { Count: > 0 } origin || IsAllowed(origin.ToString());

    private bool IsAllowed(string origin) =>
        options.AllowedOrigins.Count == 0
        || options.AllowedOrigins.Contains(origin, StringComparer.OrdinalIgnoreCase)
        || origin.Equals(options.PublicUrl, StringComparison.OrdinalIgnoreCase);
}
