using System.Text.Json;

namespace Sallyport.Server.ResourceServers;

/// <summary>An API for which tokens are issued. The system's own is the Management API.</summary>
internal sealed record ResourceServer(string Id, string Identifier, string Name)
{
    /// <summary>Deploy tools know by this name what they must leave alone.</summary>
    public const string ManagementApiName = "Auth0 Management API";

    public static readonly TimeSpan MaxTokenLifetime = TimeSpan.FromSeconds(ResourceServerSettings.MaxTokenLifetimeSeconds);

    private static readonly TimeSpan DefaultTokenLifetime = TimeSpan.FromDays(1);

    public bool IsSystem { get; init; }

    /// <summary>A JSON object with the members of <see cref="ResourceServerSettings"/> that are set.</summary>
    public string Settings { get; init; } = "{}";

    public TimeSpan TokenLifetime =>
        Shown.TokenLifetime is { } seconds ? TimeSpan.FromSeconds(seconds) : DefaultTokenLifetime;

    private ResourceServerResponse Shown => JsonSerializer.Deserialize(Settings, ResourceServerJson.Default.ResourceServerResponse)!;

    /// <summary>
    /// What of granted scopes the API still has. The Management API has whatever was granted: tools of the vendor grant
    /// scopes of areas that do not exist here.
    /// </summary>
    public string Offered(string granted) =>
        IsSystem
            ? granted
            : string.Join(' ', granted.Split(' ').Intersect((Shown.Scopes ?? []).Select(scope => scope.Value), StringComparer.Ordinal));
}
