using Sallyport.Server.Configuration;
using Sallyport.Server.Storage;
using Sallyport.Server.Transactions.Guardian;
using Sallyport.Server.Users;

namespace Sallyport.Server.Transactions;

internal static class TransactionServices
{
    public static void AddTransactions(this IServiceCollection services, Retention retention)
    {
        services.AddSingleton<TransactionTokens>();
        services.AddSingleton<OutcomeTokens>();
        services.AddSingleton<GuardianServices>();
        services.AddSingleton<RedirectServices>();
        services.AddSingleton<TransactionQueries>();
        services.AddSingleton<StartTransaction>();
        services.AddSingleton<SendChallenge>();
        services.AddSingleton<EnrollAddress>();
        services.AddSingleton<ChallengeWriter>();
        services.AddSingleton<VerifyResponse>();
        services.AddSingleton<CompleteRedirect>();
        services.AddSingleton<AcceptTransaction>();
        services.AddSingleton<NameAuthenticator>();
        services.AddSingleton<RejectTransaction>();
        services.AddSingleton<ResponseOutcomes>();
        services.AddSingleton<ConfirmEnrollment>();
        services.AddSingleton<DeviceEnrollment>();
        services.AddSingleton<EnrollDevice>();
        services.AddSingleton<DeviceTokens>();
        services.AddSingleton<DeviceServices>();
        services.AddSingleton<IUserCredential, TransactionCredentials>();
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, GuardianJson.Default));
        services.AddSingleton(new RetentionRule("\"transaction\"", "transaction_id", "expires_at < @before", retention.Transactions));
    }
}
