namespace Sallyport.Server.Stats;

internal static class StatsServices
{
    public static void AddStats(this IServiceCollection services) =>
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, StatsJson.Default));
}
