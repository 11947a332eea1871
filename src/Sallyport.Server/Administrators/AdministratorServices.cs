using Sallyport.Server.Storage;
using Sallyport.Server.Users;

namespace Sallyport.Server.Administrators;

internal static class AdministratorServices
{
    public static void AddAdministrators(this IServiceCollection services)
    {
        services.AddSingleton<AdministratorSessions>();
        services.AddSingleton<IUserCredential, AdministratorSessionCredentials>();
        services.AddSingleton<StartAdministratorFactor>();
        services.AddSingleton<SignInAdministrator>();
        services.AddSingleton<OpenAdministratorSession>();
        services.AddSingleton<InviteAdministrator>();
        services.AddSingleton<ConfiguredAdministrator>();
        services.AddSingleton<InvitedAdministrators>();
        services.AddSingleton<AcceptInvitation>();
        services.AddSingleton<ManageAdministrators>();
        services.AddSingleton<ResetAdministrator>();
        services.AddSingleton(AdministratorStore.Invitations.Retention(TimeSpan.FromDays(30)));
        services.AddSingleton(new RetentionRule("administrator_session", "session_hash", "created_at < @before", AdministratorSession.Lifetime));
    }
}
