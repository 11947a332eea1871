namespace Sallyport.Server.Clients;

/// <summary>An application that calls our API.</summary>
internal sealed record Client(string ClientId, string Name, byte[] SecretHash)
{
    /// <summary>Stands for all applications of the tenant and can do nothing itself.</summary>
    public bool IsGlobal { get; init; }

    /// <summary>A JSON object with the members of <see cref="ClientSettings"/> that are set.</summary>
    public string Settings { get; init; } = "{}";
}
