using Sallyport.Server.Configuration;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Tests.Hosting;

/// <summary>Options for tests of classes that need no server.</summary>
internal static class MinimalOptions
{
    /// <param name="providers">The address of all providers, or of <paramref name="onlyProvider"/>; null for their published ones.</param>
    public static SallyportOptions For(string publicUrl, bool allowsPrivateWebhooks = false, string? providers = null, string? onlyProvider = null) => new()
    {
        EntraUrl = "https://login.microsoftonline.com",
        PublicUrl = publicUrl,
        AllowsPrivateWebhooks = allowsPrivateWebhooks,
        ProviderAddresses = providers is null
            ? ProviderAddresses.Default
            : new ProviderAddresses(ProviderAddresses.Published.ToDictionary(
                known => known.Key, known => onlyProvider is null || onlyProvider == known.Key ? providers : known.Value)),
        DataDirectory = "",
        Storage = Engine.Sqlite,
        ManagementRateLimit = 1,
        EmailTemplateRateLimit = 1,
        AuthenticationMethodRateLimit = 1,
        GuardianRateLimit = 1,
        MaxSockets = 1,
        MaxSocketsOfAddress = 1,
        TrustedProxies = [],
        AllowedOrigins = [],
        Retention = new Retention(TimeSpan.FromDays(1), TimeSpan.FromDays(1), TimeSpan.FromDays(1)),
    };
}
