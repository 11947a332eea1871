using System.Security.Cryptography;
using System.Text.Json;
using Sallyport.Server.Security;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Clients;

/// <summary>Authenticates a client as it was registered: with its secret, or not at all if it is public (RFC 6749 section 2.3).</summary>
internal sealed class AuthenticateClient(Database database, SecretHash hash)
{
    /// <returns>Null if the client is unknown, its secret is wrong, or it authenticates in a way that it must not use.</returns>
    public async ValueTask<AuthenticatedClient?> RunAsync(TenantId tenant, TokenRequest request, CancellationToken cancellationToken)
    {
        var client = await database.ReadAsync(
            session => ClientStore.FindAsync(session, tenant, request.ClientId ?? "", cancellationToken), cancellationToken);
        var isSecret = IsSecret(hash, request.ClientSecret, client?.SecretHash);
        if (client is not { IsGlobal: false })
        {
            return null;
        }

        var settings = JsonSerializer.Deserialize(client.Settings, ClientJson.Default.ClientResponse)!;
        var isPublic = settings.TokenEndpointAuthMethod == AuthMethods.None;
        return isPublic || (isSecret && AuthMethods.Allows(settings.TokenEndpointAuthMethod, request.IsBasic))
            ? new AuthenticatedClient(client.ClientId, settings)
            : null;
    }

    /// <summary>The hash is computed for an unknown client too, so that both refusals take the same time.</summary>
    public static bool IsSecret(SecretHash hash, string? secret, byte[]? stored)
    {
        var given = hash.ClientSecret(secret ?? "");
        return CryptographicOperations.FixedTimeEquals(given, stored ?? new byte[given.Length]);
    }
}

internal sealed record AuthenticatedClient(string ClientId, ClientResponse Settings)
{
    /// <summary>Grants for users have to be switched on, unlike the client credentials grant.</summary>
    public bool MayUse(string grantType) => Settings.GrantTypes?.Contains(grantType, StringComparer.Ordinal) == true;
}
