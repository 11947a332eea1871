using Sallyport.Server.Dashboard.Administrators;
using Sallyport.Server.Dashboard.Components;
using Sallyport.Server.Dashboard.Emails;
using Sallyport.Server.Dashboard.Entry;
using Sallyport.Server.Dashboard.HostedPages;
using Sallyport.Server.Dashboard.Users;

namespace Sallyport.Server.Dashboard;

/// <summary>Registers the dashboard and maps its pages, one line for each area.</summary>
internal static class DashboardServices
{
    public static void AddDashboard(this IServiceCollection services)
    {
        services.AddSingleton<DashboardCookies>();
        services.AddSingleton<FormOrigin>();
        services.AddSingleton<RefusedActions>();
        services.AddSingleton<DashboardGate>();
        services.AddSingleton<EntryContext>();
        services.AddSingleton<EntryActions>();
        services.AddSingleton<UserSearch>();
        services.AddSingleton<UserDetailsQueries>();
        services.AddSingleton<UserActions>();
        services.AddSingleton<UserFactorActions>();
        services.AddSingleton<InviteActions>();
        services.AddSingleton<AdministratorActions>();
        services.AddSingleton<EditorScripts>();
        services.AddSingleton<HostedPageActions>();
        services.AddSingleton<EmailActions>();
    }

    public static void MapDashboard(this IEndpointRouteBuilder routes) => new DashboardRoutes(routes)
        .Page<UserListPage>("", Server.Administrators.AdministratorRole.Viewer)
        .MapEntry()
        .MapUserPages()
        .MapHostedPagePages()
        .MapEmailPages()
        .MapAdministratorPages();
}
