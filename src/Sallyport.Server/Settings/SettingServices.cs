namespace Sallyport.Server.Settings;

internal static class SettingServices
{
    public static void AddSettings(this IServiceCollection services)
    {
        services.AddSingleton<SettingVault>();
        services.AddSingleton<ChangeSetting>();
    }
}
