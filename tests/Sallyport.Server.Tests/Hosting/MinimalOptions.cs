using Sallyport.Server.Configuration;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Tests.Hosting;

/// <summary>Options for tests of classes that need no server.</summary>
internal static class MinimalOptions
{
    public static SallyportOptions For(string publicUrl, bool allowsPrivateWebhooks = false) => new()
    {
        EntraUrl = "https://login.microsoftonline.com",
        PublicUrl = publicUrl,
        AllowsPrivateWebhooks = allowsPrivateWebhooks,
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
