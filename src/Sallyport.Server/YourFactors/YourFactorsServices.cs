namespace Sallyport.Server.YourFactors;

internal static class YourFactorsServices
{
    public static void AddYourFactors(this IServiceCollection services)
    {
        services.AddSingleton<FactorSessions>();
        services.AddSingleton<YourFactorsQueries>();
        services.AddSingleton<ChangeYourFactors>();
        services.AddSingleton<YourFactorsContext>();
    }
}
