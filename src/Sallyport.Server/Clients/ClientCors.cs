using System.Collections.Frozen;
using System.Text.Json;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Extensions.Options;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Clients;

/// <summary>
/// Which pages of other origins may call the OAuth endpoints: any page the public documents, and pages of public clients the endpoints that issue
/// and take tokens. None of them uses cookies.
/// </summary>
internal sealed class ClientCors(IOptions<CorsOptions> options, ClientOrigins origins) : ICorsPolicyProvider
{
    /// <summary>For documents that anyone may read.</summary>
    public const string Documents = "oauth-documents";

    /// <summary>For endpoints that public clients call from their pages.</summary>
    public const string Clients = "oauth-clients";

    private static readonly TimeSpan PreflightLifetime = TimeSpan.FromHours(1);

    private readonly DefaultCorsPolicyProvider others = new(options);

    public async Task<CorsPolicy?> GetPolicyAsync(HttpContext context, string? policyName)
    {
        if (policyName != Clients)
        {
            return await others.GetPolicyAsync(context, policyName);
        }

        var origin = context.Request.Headers.Origin.ToString();
        var isKnown = await origins.IncludesAsync(origin, context.RequestAborted);
        return new CorsPolicyBuilder()
            .SetIsOriginAllowed(asked => isKnown && asked == origin)
            .WithMethods(HttpMethods.Get, HttpMethods.Post)
            .WithHeaders("authorization", "content-type", "accept", "auth0-client")
            .WithExposedHeaders("WWW-Authenticate", "Retry-After")
            .SetPreflightMaxAge(PreflightLifetime)
            .Build();
    }

    public static void BuildDocuments(CorsPolicyBuilder policy) =>
        policy.AllowAnyOrigin().WithMethods(HttpMethods.Get).WithHeaders("accept").SetPreflightMaxAge(PreflightLifetime);
}

/// <summary>
/// The origins of public clients: <c>web_origins</c> and <c>allowed_origins</c>, or those of the callbacks of a client that has neither. Read again
/// after <see cref="MaxAge"/>, so that requests of strangers do not read the clients each time.
/// </summary>
internal sealed class ClientOrigins(Database database, TenantId tenant, TimeProvider clock)
{
    public static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(10);

    private sealed record Snapshot(DateTimeOffset ReadAt, FrozenSet<string> Origins);

    private Snapshot known = new(DateTimeOffset.MinValue, FrozenSet<string>.Empty);

    public async ValueTask<bool> IncludesAsync(string origin, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (now - known.ReadAt >= MaxAge)
        {
            var clients = await database.ReadAsync(session => ClientStore.ListPublicAsync(session, tenant, cancellationToken), cancellationToken);
            known = new Snapshot(now, clients.SelectMany(Of).ToFrozenSet(StringComparer.Ordinal));
        }

        return known.Origins.Contains(origin);
    }

    public static IEnumerable<string> Of(Client client)
    {
        var settings = JsonSerializer.Deserialize(client.Settings, ClientJson.Default.ClientResponse)!;
        string[] named = [.. settings.WebOrigins ?? [], .. settings.AllowedOrigins ?? []];
        return settings.TokenEndpointAuthMethod != AuthMethods.None ? []
            : (named.Length > 0 ? named : settings.Callbacks ?? []).Select(OriginOf).OfType<string>();
    }

    /// <returns>As browsers send it (RFC 6454 section 6.2); null for an address that is not of the web.</returns>
    private static string? OriginOf(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
            ? $"{uri.Scheme}://{(uri.HostNameType == UriHostNameType.IPv6 ? $"[{uri.IdnHost}]" : uri.IdnHost)}{(uri.IsDefaultPort ? "" : $":{uri.Port}")}"
            : null;
}
