using Microsoft.AspNetCore.Identity;

namespace Sallyport.Server.Users;

internal static class UserServices
{
    public static void AddUsers(this IServiceCollection services)
    {
        services.AddSingleton<EndCredentials>();
        services.AddSingleton<IUserCredential, RememberedBrowsers>();
        services.AddSingleton<PasswordHasher<User>>();
        services.AddSingleton<CreateUser>();
        services.AddSingleton<PatchUser>();
        services.AddSingleton<DeleteUser>();
        services.AddSingleton<ForgetBrowsers>();
        services.AddSingleton<UnblockUser>();
        services.AddSingleton<UserQueries>();
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, UserJson.Default));
    }
}
