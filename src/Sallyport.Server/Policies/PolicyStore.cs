using System.Text.Json;
using Sallyport.Server.Settings;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Policies;

/// <summary>The policies of a tenant, as sign-ins read them.</summary>
internal static class PolicyStore
{
    /// <returns>The defaults if they were never set.</returns>
    public static async ValueTask<MfaSessionSettings> GetSessionSettingsAsync(Session session, TenantId tenant, CancellationToken cancellationToken)
    {
        var kind = PolicyEndpoints.MfaSession;
        var row = await SettingStore.FindAsync(session, tenant, kind.Name, cancellationToken);
        return JsonSerializer.Deserialize(row?.Value ?? kind.Unset, PolicyJson.Default.MfaSessionSettings)!;
    }
}
