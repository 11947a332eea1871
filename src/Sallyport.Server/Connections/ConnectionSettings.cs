using Sallyport.Server.Http.Paging;
using Sallyport.Server.Http.Payloads;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sallyport.Server.Connections;

/// <summary>What may be set of a connection.</summary>
public abstract record ConnectionSettings
{
    private const string ClientId = @"^[^\x00-\x20]{1,255}$";

    [JsonPropertyName("display_name"), StringLength(128, MinimumLength = 1)]
    public string? DisplayName { get; init; }

    [JsonPropertyName("options"), NullableOnWire, WithoutSecrets]
    public Dictionary<string, JsonElement>? Options { get; init; }

    [JsonPropertyName("enabled_clients"), NullableOnWire, ItemPattern(ClientId), UniqueItems]
    public string[]? EnabledClients { get; init; }

    [JsonPropertyName("realms"), ItemPattern(@"^[^\x00-\x20]{1,128}$"), UniqueItems]
    public string[]? Realms { get; init; }

    [JsonPropertyName("is_domain_connection")]
    public bool? IsDomainConnection { get; init; }

    [JsonPropertyName("show_as_button")]
    public bool? ShowAsButton { get; init; }

    [JsonPropertyName("metadata"), NullableOnWire, TextValues(255)]
    public Dictionary<string, JsonElement>? Metadata { get; init; }

    /// <summary>Whether people sign in with it; kept for sign-in.</summary>
    [JsonPropertyName("authentication")]
    public ConnectionPurpose? Authentication { get; init; }

    /// <summary>Whether people connect accounts elsewhere with it. Nothing here does: kept and shown.</summary>
    [JsonPropertyName("connected_accounts")]
    public ConnectionPurpose? ConnectedAccounts { get; init; }
}

public sealed record ConnectionPurpose
{
    [JsonPropertyName("active"), JsonRequired]
    public bool Active { get; init; }
}

/// <summary>Body of <c>POST /connections</c>. What is no database of users that is kept here is no connection here.</summary>
public sealed record CreateConnectionRequest : ConnectionSettings
{
    [JsonPropertyName("name"), JsonRequired, StringLength(128, MinimumLength = 1), RegularExpression("^[a-zA-Z0-9](-[a-zA-Z0-9]|[a-zA-Z0-9])*$")]
    public string Name { get; init; } = "";

    [JsonPropertyName("strategy"), JsonRequired, AllowedValues(Connection.DatabaseStrategy, "email", "sms")]
    public string Strategy { get; init; } = "";
}

/// <summary>Body of <c>PATCH /connections/{id}</c>: name and strategy are for ever.</summary>
public sealed record PatchConnectionRequest : ConnectionSettings;

/// <summary>A connection as the Management API shows it.</summary>
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
    /// auth0-deploy-cli writes the published default into every database that it imports. It is shown before as well, so that
    /// what is exported after an import is what was exported before.
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
