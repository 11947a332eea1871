using Sallyport.Server.Factors.RecoveryCodes;
using Sallyport.Server.Factors.Totp;

namespace Sallyport.Server.Factors;

internal static class FactorServices
{
    public static void AddFactors(this IServiceCollection services)
    {
        services.AddSingleton<IFactor, TotpFactor>();
        services.AddSingleton<IFactor, RecoveryCodeFactor>();
        services.AddSingleton<FactorCatalog>();
        services.AddSingleton<SetFactor>();
        services.AddSingleton<DeleteEnrollment>();
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, FactorJson.Default));
    }
}
