using Sallyport.Server.Configuration;

namespace Sallyport.Server.Security;

internal static class SecurityServices
{
    public static void AddSecurity(this IServiceCollection services)
    {
        services.AddSingleton(provider => FindMasterKey(provider.GetRequiredService<SallyportOptions>()));
        services.AddSingleton<KeyRing>();
        services.AddSingleton<Sealer>();
        services.AddSingleton<SecretHash>();
        services.AddHostedService<KeyRingRefresh>();
    }

    private static MasterKey FindMasterKey(SallyportOptions options) =>
        options.MasterKey is { } material ? new MasterKey(material) : MasterKey.FromFile(options.DataDirectory);
}
