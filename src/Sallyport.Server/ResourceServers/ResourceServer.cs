using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sallyport.Server.Storage;

namespace Sallyport.Server.ResourceServers;

/// <summary>An API for which tokens are issued. The system's own is the Management API.</summary>
internal sealed record ResourceServer(string Id, string Identifier, string Name)
{
    /// <summary>Deploy tools recognize the Management API by this name and leave it alone.</summary>
    public const string ManagementApiName = "Auth0 Management API";

    public static readonly TimeSpan MaxTokenLifetime = TimeSpan.FromSeconds(ResourceServerSettings.MaxTokenLifetimeSeconds);

    private const int DefaultTokenLifetimeSeconds = 86_400;
    private const int DefaultTokenLifetimeForWebSeconds = 7_200;

    public bool IsSystem { get; init; }

    /// <summary>A JSON object with the members of <see cref="ResourceServerSettings"/> that are set.</summary>
    public string Settings { get; init; } = "{}";

    public TimeSpan TokenLifetime => TimeSpan.FromSeconds(Shown.TokenLifetime ?? DefaultTokenLifetimeSeconds);

    /// <summary>Which clients get a token of a user: <c>allow_all</c>, <c>deny_all</c> or <c>require_client_grant</c>.</summary>
    public string UserPolicy => Shown.SubjectTypeAuthorization?.User?.Policy ?? "allow_all";

    public IEnumerable<string> Scopes => (Shown.Scopes ?? []).Select(scope => scope.Value);

    private ResourceServerResponse Shown => JsonSerializer.Deserialize(Settings, ResourceServerJson.Default.ResourceServerResponse)!;

    /// <returns>The settings of a new API, with the defaults of the published API; null if they are too large.</returns>
    public static string? NewSettings(CreateResourceServerRequest request)
    {
        var defaults = new JsonObject
        {
            ["allow_offline_access"] = false,
            ["skip_consent_for_verifiable_first_party_clients"] = false,
            ["subject_type_authorization"] = new JsonObject
            {
                ["client"] = new JsonObject { ["policy"] = "require_client_grant" },
                ["user"] = new JsonObject { ["policy"] = "allow_all" },
            },
            ["token_lifetime_for_web"] = Math.Min(request.TokenLifetime ?? DefaultTokenLifetimeSeconds, DefaultTokenLifetimeForWebSeconds),
        };
        var sent = JsonSerializer.SerializeToElement(request, ResourceServerJson.Default.CreateResourceServerRequest);
        return StoredSettings.Merge(defaults.ToJsonString(), sent, "identifier", "name");
    }

    /// <summary>
    /// The granted scopes that the API still has. The Management API accepts all granted scopes, because the vendor's tools grant scopes
    /// of areas that do not exist here.
    /// </summary>
    public string Offered(string granted) =>
        IsSystem
            ? granted
            : string.Join(' ', granted.Split(' ').Intersect(Scopes, StringComparer.Ordinal));
}

/// <summary>Finds identifiers that a reader, or a careless verifier, mistakes for each other.</summary>
internal static class Lookalike
{
    /// <summary>Letters without a visible shape.</summary>
    private const string Fillers = "\u115F\u1160\u3164\uFFA0";

    /// <returns>True if the identifiers differ, but only in scheme, slashes, case and invisible characters.</returns>
    public static bool Is(string identifier, string other) =>
        identifier != other && Visible(identifier).Equals(Visible(other), StringComparison.OrdinalIgnoreCase);

    private static string Visible(string identifier)
    {
        var visible = string.Concat(identifier.EnumerateRunes().Where(IsVisible));
        return visible.StartsWith("http:", StringComparison.OrdinalIgnoreCase) ? "https:" + visible["http:".Length..] : visible;
    }

    private static bool IsVisible(Rune rune) => rune.Value is not ('/' or '\\') && Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
            or UnicodeCategory.OtherNotAssigned or UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator or UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark => false,
        _ => !Fillers.Contains(rune.ToString(), StringComparison.Ordinal),
    };
}
