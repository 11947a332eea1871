using Sallyport.Server.Transactions;
using Sallyport.Server.Users;

namespace Sallyport.Server.SignIn;

internal static class SignInServices
{
    public static void AddSignIn(this IServiceCollection services)
    {
        services.AddSingleton<ITransactionOrigin, SignInOrigin>();
        services.AddSingleton<IUserCredential, SignInCredentials>();
        services.AddSingleton<CreateSignIn>();
        services.AddSingleton<RedeemSignIn>();
        services.AddSingleton<SignInQueries>();
        services.AddSingleton<SignInPage>();
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, SignInJson.Default));
    }
}
