using System.Text.Json;
using Sallyport.Server.Clients;
using Sallyport.Server.Storage;

namespace Sallyport.Server.EmailVerification;

/// <summary>The client in whose name an address is verified, as far as templates may know it.</summary>
internal sealed record VerificationApplication(string ClientId, string Name, string? CallbackDomain)
{
    /// <returns>Null where there is no such client.</returns>
    public static async ValueTask<VerificationApplication?> FindAsync(Session session, string clientId, CancellationToken cancellationToken)
    {
        if (await ClientStore.FindAsync(session, TenantId.Default, clientId, cancellationToken) is not { IsGlobal: false } client)
        {
            return null;
        }

        using var settings = JsonDocument.Parse(client.Settings);
        var callback = settings.RootElement.TryGetProperty("callbacks", out var callbacks) && callbacks.ValueKind == JsonValueKind.Array
            ? callbacks.EnumerateArray().Select(item => item.GetString()).FirstOrDefault()
            : null;
        return new VerificationApplication(
            client.ClientId, client.Name, Uri.TryCreate(callback, UriKind.Absolute, out var url) ? url.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped) : null);
    }

    public Dictionary<string, object?> ToVariables() => new()
    {
        ["name"] = Name,
        ["clientID"] = ClientId,
        ["callback_domain"] = CallbackDomain,
    };
}
