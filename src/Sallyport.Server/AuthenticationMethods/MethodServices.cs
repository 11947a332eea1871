namespace Sallyport.Server.AuthenticationMethods;

internal static class MethodServices
{
    public static void AddAuthenticationMethods(this IServiceCollection services)
    {
        services.AddSingleton<ReadMethods>();
        services.AddSingleton<CreateMethod>();
        services.AddSingleton<ReplaceMethods>();
        services.AddSingleton<PatchMethod>();
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, MethodJson.Default));
    }
}
