using Sallyport.Server.Configuration;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Transactions;

internal static class TransactionServices
{
    public static void AddTransactions(this IServiceCollection services, Retention retention)
    {
        services.AddSingleton<TransactionTokens>();
        services.AddSingleton<OutcomeTokens>();
        services.AddSingleton<StartTransaction>();
        services.AddSingleton<StartFlow>();
        services.AddSingleton<GetTransactionState>();
        services.AddSingleton<AcceptTransaction>();
        services.AddSingleton<VerifyCode>();
        services.AddSingleton<Factors.IFactorGrant, AcceptedTransactions>();
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, TransactionJson.Default));
        services.AddSingleton(new RetentionRule("\"transaction\"", "transaction_id", "expires_at < @before", retention.Transactions));
    }
}
