namespace Sallyport.Server.Tenants;

internal static class TenantServices
{
    public static void AddTenants(this IServiceCollection services)
    {
        services.AddSingleton<PatchTenantSettings>();
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, TenantJson.Default));
    }
}
