namespace Sallyport.Server.Transactions;

internal static class TransactionServices
{
    public static void AddTransactions(this IServiceCollection services)
    {
        services.AddSingleton<TransactionTokens>();
        services.AddSingleton<OutcomeTokens>();
        services.AddSingleton<StartTransaction>();
        services.AddSingleton<StartFlow>();
        services.AddSingleton<GetTransactionState>();
        services.AddSingleton<VerifyCode>();
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, TransactionJson.Default));
    }
}
