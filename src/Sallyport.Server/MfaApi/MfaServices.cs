using Sallyport.Server.Clients;
using Sallyport.Server.Transactions;

namespace Sallyport.Server.MfaApi;

internal static class MfaServices
{
    public static void AddMfaApi(this IServiceCollection services)
    {
        services.AddSingleton<ITransactionOrigin, MfaOrigin>();
        services.AddSingleton<MfaTokenIssuer>();
        services.AddSingleton<MfaTokens>();
        services.AddSingleton<MfaSignIns>();
        services.AddSingleton<ExchangePassword>();
        services.AddSingleton<ExchangeSecondFactor>();
        services.AddSingleton<DevicePoll>();
        services.AddSingleton<MfaTransactions>();
        services.AddSingleton<ChallengeAuthenticator>();
        services.AddSingleton<AssociateAuthenticator>();
        services.AddSingleton<ListAuthenticators>();
        services.AddSingleton<DeleteAuthenticator>();
        services.AddSingleton<ITokenGrant, PasswordGrants>();
        services.AddSingleton<ITokenGrant, SecondFactorGrants>();
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, MfaJson.Default));
    }
}
