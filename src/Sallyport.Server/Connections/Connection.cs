namespace Sallyport.Server.Connections;

/// <summary>Where users come from: an address or a user name is unique within one.</summary>
internal sealed record Connection(string Id, string Name, string Strategy)
{
    /// <summary>What a new installation has.</summary>
    public const string DefaultName = "Username-Password-Authentication";

    /// <summary>Users with a name and a password that are kept here.</summary>
    public const string DatabaseStrategy = "auth0";

    /// <summary>A JSON object with the members of <see cref="ConnectionSettings"/> that are set.</summary>
    public string Settings { get; init; } = "{}";
}
