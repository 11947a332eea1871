using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Users;

internal static class UserServices
{
    public static void AddUsers(this IServiceCollection services)
    {
        services.AddSingleton<EndCredentials>();
        services.AddSingleton<IUserCredential, RememberedBrowsers>();
        services.TryAddSingleton(NewPasswordHasher(VerifyPassword.Iterations));
        services.AddSingleton<VerifyPassword>();
        services.AddSingleton(new RetentionRule("password_attempt", "identifier_hash", "full_at < @before", TimeSpan.Zero));
        services.AddSingleton<CreateUser>();
        services.AddSingleton<PatchUser>();
        services.AddSingleton<DeleteUser>();
        services.AddSingleton<ForgetBrowsers>();
        services.AddSingleton<UnblockUser>();
        services.AddSingleton<UserQueries>();
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, UserJson.Default));
    }

    public static PasswordHasher<User> NewPasswordHasher(int iterations) =>
        new(Options.Create(new PasswordHasherOptions { IterationCount = iterations }));
}
