using Sallyport.Server.Clients;
using Sallyport.Server.Policies;
using Sallyport.Server.Storage;
using Sallyport.Server.Transactions;

namespace Sallyport.Server.SignIn;

internal static class SignInServices
{
    public static void AddSignIn(this IServiceCollection services)
    {
        services.AddSingleton<ITransactionOrigin, SignInOrigin>();
        services.AddSingleton<IClientCredential, ClientSignIns>();
        services.AddSingleton<CreateSignIn>();
        services.AddSingleton<RedeemSignIn>();
        services.AddSingleton<SignInQueries>();
        services.AddSingleton<SignInPage>();
        services.AddSingleton<ResultPage>();
        services.AddSingleton<SignInPages>();
        services.AddSingleton<SignInPageAccess>();
        services.AddSingleton<SignInBrowser>();
        services.AddSingleton<RememberBrowser>();
        services.AddSingleton<OfferFactor>();
        services.AddSingleton<WaiveSecondFactor>();
        // One that was unused for the longest time that a tenant can set is of no use.
        services.AddSingleton(new RetentionRule("remembered_browser", "browser_hash", "last_used_at < @before", MfaSessionSettings.MaxInactivity));
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, SignInJson.Default));
    }
}
