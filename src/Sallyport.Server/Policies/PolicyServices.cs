namespace Sallyport.Server.Policies;

internal static class PolicyServices
{
    public static void AddPolicies(this IServiceCollection services) =>
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, PolicyJson.Default));
}
