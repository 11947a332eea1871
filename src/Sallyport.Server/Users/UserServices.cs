using Microsoft.AspNetCore.Identity;
using Sallyport.Server.Users.Search;

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
        services.AddSingleton<SearchUsers>();
        services.AddSingleton<ForgetBrowsers>();
        services.AddSingleton<Unblock>();
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, UserJson.Default));
    }
}
