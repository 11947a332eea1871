using Sallyport.Server.Configuration;
using Sallyport.Server.Factors.RecoveryCodes;
using Sallyport.Server.Factors.Totp;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Factors;

internal static class FactorServices
{
    public static void AddFactors(this IServiceCollection services, Retention retention)
    {
        services.AddSingleton<TotpFactor>();
        services.AddSingleton<IFactor>(provider => provider.GetRequiredService<TotpFactor>());
        services.AddSingleton<IFactor, RecoveryCodeFactor>();
        services.AddSingleton<FactorCatalog>();
        services.AddSingleton<SetFactor>();
        services.AddSingleton<RemoveAuthenticators>();
        services.AddSingleton<DeleteEnrollment>();
        services.AddSingleton<RegenerateRecoveryCode>();
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, FactorJson.Default));
        services.AddSingleton(new RetentionRule(
            "authenticator", "authenticator_id", "status = 'pending' AND created_at < @before", retention.Transactions));
    }
}
