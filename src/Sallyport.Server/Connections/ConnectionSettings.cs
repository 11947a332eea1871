using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Sallyport.Server.Http;
using Sallyport.Server.Http.Paging;
using Sallyport.Server.Http.Payloads;

namespace Sallyport.Server.Connections;

/// <summary>The settings of a connection.</summary>
[SettingsDocument]
public abstract record ConnectionSettings : ICheckedBody
{
    private const string ClientId = @"^[^\x00-\x20]{1,255}$";

    [JsonPropertyName("display_name"), StringLength(128, MinimumLength = 1)]
    public string? DisplayName { get; init; }

    [JsonPropertyName("options"), WithoutSecrets]
    public Dictionary<string, JsonElement>? Options { get; init; }

    [JsonPropertyName("enabled_clients"), ItemPattern(ClientId), UniqueItems]
    public string[]? EnabledClients { get; init; }

    [JsonPropertyName("realms"), ItemPattern(@"^[^\x00-\x20]{1,128}$"), UniqueItems]
    public string[]? Realms { get; init; }

    [JsonPropertyName("is_domain_connection")]
    public bool? IsDomainConnection { get; init; }

    [JsonPropertyName("show_as_button")]
    public bool? ShowAsButton { get; init; }

    [JsonPropertyName("metadata"), TextValues(255)]
    public Dictionary<string, JsonElement>? Metadata { get; init; }

    /// <summary>Whether users sign in with this connection. Stored for sign-in.</summary>
    [JsonPropertyName("authentication")]
    public ConnectionPurpose? Authentication { get; init; }

    /// <summary>Whether users connect accounts elsewhere with it. No effect here; stored and shown.</summary>
    [JsonPropertyName("connected_accounts")]
    public ConnectionPurpose? ConnectedAccounts { get; init; }

    ApiError? ICheckedBody.FindFault() => ConnectionOptions.FindFault(Options);
}

public sealed record ConnectionPurpose
{
    [JsonPropertyName("active"), JsonRequired]
    public bool Active { get; init; }
}

/// <summary>Body of <c>POST /connections</c>. Only users that are stored here are supported, no identity providers.</summary>
public sealed record CreateConnectionRequest : ConnectionSettings
{
    [JsonPropertyName("name"), JsonRequired, StringLength(128, MinimumLength = 1), RegularExpression("^[a-zA-Z0-9](-[a-zA-Z0-9]|[a-zA-Z0-9])*$")]
    public string Name { get; init; } = "";

    [JsonPropertyName("strategy"), JsonRequired, AllowedValues(Connection.DatabaseStrategy, "email", "sms")]
    public string Strategy { get; init; } = "";
}

/// <summary>Body of <c>PATCH /connections/{id}</c>. Name and strategy cannot be changed.</summary>
public sealed record PatchConnectionRequest : ConnectionSettings;

/// <summary>A connection in answers of the Management API.</summary>
public sealed record ConnectionResponse : ConnectionSettings
{
    [JsonPropertyName("id")]
    public string Id { get; init; } = "";

    [JsonPropertyName("name")]
    public string Name { get; init; } = "";

    [JsonPropertyName("strategy")]
    public string Strategy { get; init; } = "";

    internal static ConnectionResponse Of(Connection connection)
    {
        var shown = JsonSerializer.Deserialize(connection.Settings, ConnectionJson.Default.ConnectionResponse)!;
        return shown with
        {
            Id = connection.Id,
            Name = connection.Name,
            Strategy = connection.Strategy,
            Options = Complete(connection.Strategy, shown.Options ?? []),
            Realms = shown.Realms ?? [connection.Name],
            EnabledClients = shown.EnabledClients ?? [],
            IsDomainConnection = shown.IsDomainConnection ?? false,
        };
    }

    /// <summary>
    /// auth0-deploy-cli writes this published default into every database connection that it imports. It is always shown, so that
    /// exports before and after an import are equal.
    /// </summary>
    private static Dictionary<string, JsonElement> Complete(string strategy, Dictionary<string, JsonElement> options)
    {
        if (strategy == Connection.DatabaseStrategy)
        {
            options.TryAdd("disable_self_service_change_password", JsonElement.Parse("false"));
        }

        return options;
    }
}

/// <summary>A page of <c>GET /connections</c>.</summary>
public sealed record ConnectionPage(
    [property: JsonPropertyName("start")] int? Start,
    [property: JsonPropertyName("limit")] int? Limit,
    [property: JsonPropertyName("total")] long? Total,
    [property: JsonPropertyName("connections")] IReadOnlyList<ConnectionResponse> Connections,
    [property: JsonPropertyName("next")] string? Next)
{
    internal static ConnectionPage Of(ListPart<ConnectionResponse> part) => new(part.Start, part.Limit, part.Total, part.Items, part.Next);
}

/// <summary>Answer of <c>DELETE /connections/{id}</c>.</summary>
public sealed record DeletedConnection([property: JsonPropertyName("deleted_at")] DateTimeOffset DeletedAt);

/// <summary>Body of <c>PATCH /connections/{id}/clients</c>: an array.</summary>
public sealed class ConnectionClientChanges : List<ConnectionClientChange>;

/// <summary>Enables or disables a client for a connection.</summary>
public sealed record ConnectionClientChange
{
    [JsonPropertyName("client_id"), JsonRequired, StringLength(255, MinimumLength = 1)]
    public string ClientId { get; init; } = "";

    [JsonPropertyName("status"), JsonRequired]
    public bool Status { get; init; }
}

/// <summary>Answer of <c>GET /connections/{id}/clients</c>.</summary>
public sealed record ConnectionClientPage(
    [property: JsonPropertyName("clients")] IReadOnlyList<ConnectionClient> Clients,
    [property: JsonPropertyName("next")] string? Next);

/// <summary>A client that may use a connection.</summary>
public sealed record ConnectionClient([property: JsonPropertyName("client_id")] string ClientId);

/// <summary>Answer of <c>GET /actions/actions</c>.</summary>
public sealed record ActionPage(
    [property: JsonPropertyName("page")] int Page,
    [property: JsonPropertyName("per_page")] int PerPage,
    [property: JsonPropertyName("total")] int Total,
    [property: JsonPropertyName("actions")] IReadOnlyList<JsonObject> Actions);
