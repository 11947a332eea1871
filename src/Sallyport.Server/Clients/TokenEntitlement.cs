using System.Data.Common;
using System.Text.Json;
using Sallyport.Server.ResourceServers;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Clients;

/// <summary>A client with the API that it asks for, and what it was granted there.</summary>
/// <param name="Api">Null where there is none with the audience.</param>
/// <param name="Scope">Null where there is no grant.</param>
internal sealed record TokenEntitlement(byte[] SecretHash, ClientResponse Settings, ResourceServer? Api, string? Scope)
{
    /// <summary>Grants that were made before grant types were kept may use this one.</summary>
    public bool MayUseClientCredentials => Settings.GrantTypes is not { } types || types.Contains(GrantType.ClientCredentials);

    /// <summary>Without a registered method a client may prove itself in either way.</summary>
    public bool MayProveItself(bool byBasic) => Settings.TokenEndpointAuthMethod switch
    {
        AuthMethods.Basic => byBasic,
        AuthMethods.Post => !byBasic,
        AuthMethods.None => false,
        _ => true,
    };

    public static TokenEntitlement Read(DbDataReader row) => new(
        row.GetBytes(0),
        JsonSerializer.Deserialize(row.GetString(1), ClientJson.Default.ClientResponse)!,
        row.GetStringOrNull(2) is { } identifier
            ? new ResourceServer("", identifier, "") { IsSystem = row.GetBoolean(3), Settings = row.GetString(4) }
            : null,
        row.GetStringOrNull(5));
}
