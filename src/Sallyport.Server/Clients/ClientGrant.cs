using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Sallyport.Server.Http.Paging;
using Sallyport.Server.Http.Payloads;

namespace Sallyport.Server.Clients;

/// <summary>The scopes of an API that a client may request. A grant for users is stored for sign-in and gives the client itself no token.</summary>
public sealed record ClientGrant(
    [property: JsonPropertyName("id")] string Id,
    [property: JsonPropertyName("client_id")] string ClientId,
    [property: JsonPropertyName("audience")] string Audience,
    [property: JsonPropertyName("scope")] IReadOnlyList<string> Scope,
    [property: JsonPropertyName("subject_type")] string SubjectType)
{
    /// <summary>A scope-token of RFC 6749 section 3.3.</summary>
    internal const string ScopePattern = @"^[\x21\x23-\x5B\x5D-\x7E]{1,280}$";

    internal const string ForClient = "client";
    internal const string ForUser = "user";
}

/// <summary>Rules of grants in the published API that do not exist here. They may be sent if they do not apply.</summary>
[SettingsDocument]
public abstract record ClientGrantRules
{
    [JsonPropertyName("organization_usage"), AllowedValues("deny")]
    public string? OrganizationUsage { get; init; }
}

/// <summary>Body of <c>POST /client-grants</c>.</summary>
public sealed record CreateClientGrantRequest : ClientGrantRules
{
    [JsonPropertyName("client_id"), JsonRequired, StringLength(255, MinimumLength = 1)]
    public string ClientId { get; init; } = "";

    [JsonPropertyName("audience"), JsonRequired, StringLength(600, MinimumLength = 1)]
    public string Audience { get; init; } = "";

    [JsonPropertyName("scope"), ItemPattern(ClientGrant.ScopePattern), UniqueItems]
    public string[]? Scope { get; init; }

    [JsonPropertyName("subject_type"), AllowedValues(ClientGrant.ForClient, ClientGrant.ForUser)]
    public string? SubjectType { get; init; }
}

/// <summary>Body of <c>PATCH /client-grants/{id}</c>.</summary>
public sealed record PatchClientGrantRequest : ClientGrantRules
{
    [JsonPropertyName("scope"), ItemPattern(ClientGrant.ScopePattern), UniqueItems]
    public string[]? Scope { get; init; }
}

/// <summary>A page of <c>GET /client-grants</c>.</summary>
public sealed record ClientGrantPage(
    [property: JsonPropertyName("start")] int? Start,
    [property: JsonPropertyName("limit")] int? Limit,
    [property: JsonPropertyName("total")] long? Total,
    [property: JsonPropertyName("client_grants")] IReadOnlyList<ClientGrant> ClientGrants,
    [property: JsonPropertyName("next")] string? Next)
{
    internal static ClientGrantPage Of(ListPart<ClientGrant> part) => new(part.Start, part.Limit, part.Total, part.Items, part.Next);
}
