using System.Text.Json;

namespace Sallyport.Server.Connections;

/// <summary>A source of users. An address or a user name is unique within it.</summary>
internal sealed record Connection(string Id, string Name, string Strategy)
{
    /// <summary>The connection of a new installation.</summary>
    public const string DefaultName = "Username-Password-Authentication";

    /// <summary>Users with a name and a password that are stored here.</summary>
    public const string DatabaseStrategy = "auth0";

    /// <summary>A JSON object with the members of <see cref="ConnectionSettings"/> that are set.</summary>
    public string Settings { get; init; } = "{}";

    /// <summary>
    /// Users sign in to the client with it. A connection whose <c>enabled_clients</c> were never set serves all clients.
    /// </summary>
    public bool Serves(string clientId)
    {
        var settings = JsonSerializer.Deserialize(Settings, ConnectionJson.Default.ConnectionResponse)!;
        return Strategy == DatabaseStrategy
            && settings.Authentication is not { Active: false }
            && (settings.EnabledClients is not { } enabled || enabled.Contains(clientId, StringComparer.Ordinal));
    }

    /// <summary>
    /// Characters that a password needs, by <c>options</c>: <c>password_options.complexity.min_length</c>, <c>password_complexity_options.min_length</c>
    /// or <c>passwordPolicy</c>. Of a policy only the length counts, not the kinds of characters (NIST SP 800-63B section 5.1.1.2).
    /// </summary>
    public int MinPasswordLength => ConnectionOptions.MinPasswordLength(
        JsonSerializer.Deserialize(Settings, ConnectionJson.Default.ConnectionResponse)!.Options);

    /// <summary>The connection that users sign in with if the caller names none: the tenant's default directory, or that of a new installation.</summary>
    public static string NameOf(string? realm, string? defaultDirectory) =>
        realm ?? (string.IsNullOrEmpty(defaultDirectory) ? DefaultName : defaultDirectory);

    /// <summary>The connection that a new installation starts with.</summary>
    public static Connection CreateDefault() => new(ConnectionStore.NewId(), DefaultName, DatabaseStrategy)
    {
        Settings = ConnectionOptions.NewSettings(new CreateConnectionRequest { Name = DefaultName, Strategy = DatabaseStrategy })!,
    };
}
