namespace Sallyport.Server.AuthenticationMethods;

internal static class MethodServices
{
    public static void AddAuthenticationMethods(this IServiceCollection services)
    {
        services.AddSingleton<MethodQueries>();
        services.AddSingleton<CreateAuthenticationMethod>();
        services.AddSingleton<ReplaceAuthenticationMethods>();
        services.AddSingleton<PatchAuthenticationMethod>();
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, MethodJson.Default));
    }
}
