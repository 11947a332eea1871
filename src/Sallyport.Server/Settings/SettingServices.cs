namespace Sallyport.Server.Settings;

internal static class SettingServices
{
    public static void AddSettings(this IServiceCollection services)
    {
        services.AddSingleton<SettingReader>();
        services.AddSingleton<ChangeSetting>();
    }
}
