namespace Sallyport.Server.Clients;

/// <summary>An application that calls our API.</summary>
internal sealed record Client(string ClientId, string Name, byte[] SecretHash);
