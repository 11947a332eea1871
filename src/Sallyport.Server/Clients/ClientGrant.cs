using Sallyport.Server.Http.Paging;
using Sallyport.Server.Http.Payloads;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Sallyport.Server.Http;

namespace Sallyport.Server.Clients;

/// <summary>What a client may ask of an API. A grant for users is kept for sign-in and entitles to no token of the client's own.</summary>
public sealed record ClientGrant(
    [property: JsonPropertyName("id")] string Id,
    [property: JsonPropertyName("client_id")] string ClientId,
    [property: JsonPropertyName("audience")] string Audience,
    [property: JsonPropertyName("scope")] IReadOnlyList<string> Scope,
    [property: JsonPropertyName("subject_type")] string SubjectType)
{
    /// <summary>RFC 6749 section 3.3, a scope-token.</summary>
    internal const string ScopePattern = @"^[\x21\x23-\x5B\x5D-\x7E]{1,280}$";

    internal const string ForClient = "client";
    internal const string ForUser = "user";
}

/// <summary>Rules that the published API has for grants and that are not kept here: each may be sent where it says that it does not apply.</summary>
public abstract record ClientGrantRules : ICheckedBody
{
    [JsonPropertyName("allow_any_organization"), NullableOnWire]
    public bool? AllowAnyOrganization { get; init; }

    [JsonPropertyName("organization_usage"), NullableOnWire, AllowedValues("deny")]
    public string? OrganizationUsage { get; init; }

    [JsonPropertyName("allow_all_scopes"), NullableOnWire]
    public bool? AllowAllScopes { get; init; }

    ApiError? ICheckedBody.FindFault() =>
        AllowAnyOrganization == true ? ApiError.Payload("There are no organizations here: must be false", "allow_any_organization")
        : AllowAllScopes == true ? ApiError.Payload("A grant names its scopes: must be false", "allow_all_scopes")
        : null;
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
    [JsonPropertyName("scope"), NullableOnWire, ItemPattern(ClientGrant.ScopePattern), UniqueItems]
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
