using Sallyport.Server.Configuration;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Security;

internal static class SecurityServices
{
    public static void AddSecurity(this IServiceCollection services)
    {
        services.AddSingleton(provider => FindMasterKey(provider.GetRequiredService<SallyportOptions>()));
        services.AddSingleton<KeyRing>();
        services.AddSingleton<ColumnCipher>();
        services.AddSingleton<SecretHash>();
        services.AddHostedService<KeyRingRefresh>();
        // A budget that is whole again is the same as no row.
        services.AddSingleton(new RetentionRule("attempt", "user_id", "full_at < @before", TimeSpan.FromDays(1)));
    }

    private static MasterKey FindMasterKey(SallyportOptions options) =>
        options.MasterKey is { } material ? new MasterKey(material) : MasterKey.FromFile(options.DataDirectory);
}
