using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using Sallyport.Server.Http;
using Sallyport.Server.Http.Paging;
using Sallyport.Server.Http.Payloads;

namespace Sallyport.Server.ResourceServers;

/// <summary>The settings of an API. The token endpoint applies <c>scopes</c> and <c>token_lifetime</c>; the rest is stored and shown.</summary>
[SettingsDocument]
public abstract record ResourceServerSettings
{
    internal const int MaxTokenLifetimeSeconds = 2_592_000;

    [JsonPropertyName("scopes")]
    public ScopeDefinition[]? Scopes { get; init; }

    [JsonPropertyName("signing_alg"), AllowedValues("RS256")]
    public string? SigningAlgorithm { get; init; }

    [JsonPropertyName("token_lifetime"), Range(1, MaxTokenLifetimeSeconds)]
    public int? TokenLifetime { get; init; }

    [JsonPropertyName("token_lifetime_for_web"), Range(1, MaxTokenLifetimeSeconds)]
    public int? TokenLifetimeForWeb { get; init; }

    [JsonPropertyName("allow_offline_access")]
    public bool? AllowOfflineAccess { get; init; }

    [JsonPropertyName("skip_consent_for_verifiable_first_party_clients")]
    public bool? SkipConsentForVerifiableFirstPartyClients { get; init; }

    [JsonPropertyName("enforce_policies")]
    public bool? EnforcePolicies { get; init; }

    [JsonPropertyName("token_dialect"), AllowedValues("access_token", "access_token_authz")]
    public string? TokenDialect { get; init; }

    [JsonPropertyName("subject_type_authorization")]
    public SubjectTypeAuthorization? SubjectTypeAuthorization { get; init; }
}

/// <summary>The clients that may get a token for an API. The policy for users is stored for sign-in.</summary>
public sealed record SubjectTypeAuthorization
{
    [JsonPropertyName("user")]
    public UserAuthorization? User { get; init; }

    [JsonPropertyName("client")]
    public ClientAuthorization? Client { get; init; }
}

public sealed record UserAuthorization
{
    [JsonPropertyName("policy"), AllowedValues("allow_all", "deny_all", "require_client_grant")]
    public string? Policy { get; init; }
}

/// <summary>The token endpoint applies no other policy.</summary>
public sealed record ClientAuthorization
{
    [JsonPropertyName("policy"), AllowedValues("require_client_grant")]
    public string? Policy { get; init; }
}

/// <summary>A scope of an API.</summary>
public sealed record ScopeDefinition
{
    [JsonPropertyName("value"), JsonRequired, RegularExpression(@"^[\x21\x23-\x5B\x5D-\x7E]{1,280}$")]
    public string Value { get; init; } = "";

    [JsonPropertyName("description"), StringLength(500)]
    public string? Description { get; init; }
}

/// <summary>Body of <c>POST /resource-servers</c>.</summary>
public sealed record CreateResourceServerRequest : ResourceServerSettings
{
    /// <summary>An API is found by its id or its identifier, so an identifier must not look like an id.</summary>
    [JsonPropertyName("identifier"), JsonRequired, StringLength(600, MinimumLength = 1), RegularExpression(@"^(?![0-9a-f]{24}$)\S+$")]
    public string Identifier { get; init; } = "";

    [JsonPropertyName("name"), NeverNull, StringLength(200, MinimumLength = 1), RegularExpression("^[^<>]+$")]
    public string? Name { get; init; }
}

/// <summary>Body of <c>PATCH /resource-servers/{id}</c>.</summary>
public sealed record PatchResourceServerRequest : ResourceServerSettings
{
    [JsonPropertyName("name"), NeverNull, StringLength(200, MinimumLength = 1), RegularExpression("^[^<>]+$")]
    public string? Name { get; init; }
}

/// <summary>An API in answers of the Management API.</summary>
public sealed record ResourceServerResponse : ResourceServerSettings
{
    [JsonPropertyName("id")]
    public string Id { get; init; } = "";

    [JsonPropertyName("name")]
    public string Name { get; init; } = "";

    [JsonPropertyName("identifier")]
    public string Identifier { get; init; } = "";

    [JsonPropertyName("is_system")]
    public bool IsSystem { get; init; }

    internal static ResourceServerResponse Of(ResourceServer server)
    {
        var shown = JsonSerializer.Deserialize(server.Settings, ResourceServerJson.Default.ResourceServerResponse)! with
        {
            Id = server.Id,
            Name = server.Name,
            Identifier = server.Identifier,
            IsSystem = server.IsSystem,
            SigningAlgorithm = "RS256",
            TokenLifetime = (int)server.TokenLifetime.TotalSeconds,
        };
        return server.IsSystem
            ? shown with { Scopes = [.. ManagementScopes.All.Select(scope => new ScopeDefinition { Value = scope, Description = scope.Replace(':', ' ') })] }
            : shown;
    }
}

/// <summary>A page of <c>GET /resource-servers</c>.</summary>
public sealed record ResourceServerPage(
    [property: JsonPropertyName("start")] int? Start,
    [property: JsonPropertyName("limit")] int? Limit,
    [property: JsonPropertyName("total")] long? Total,
    [property: JsonPropertyName("resource_servers")] IReadOnlyList<ResourceServerResponse> ResourceServers,
    [property: JsonPropertyName("next")] string? Next)
{
    internal static ResourceServerPage Of(ListPart<ResourceServerResponse> part) => new(part.Start, part.Limit, part.Total, part.Items, part.Next);
}
