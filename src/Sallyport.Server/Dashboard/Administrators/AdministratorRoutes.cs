using Sallyport.Server.Administrators;
using Sallyport.Server.Dashboard.Administrators;

namespace Sallyport.Server.Dashboard;

/// <summary>The pages about administrators, and the sessions of everybody's own.</summary>
internal static class AdministratorRoutes
{
    public const string List = DashboardRoutes.Root + "/administrators";
    public const string OwnSessions = DashboardRoutes.Root + "/sessions";

    public static string Of(string userId, string? part = null) => $"{List}/{Uri.EscapeDataString(userId)}{(part is null ? "" : "/" + part)}";

    public static DashboardRoutes MapAdministratorPages(this DashboardRoutes routes) => routes
        .Page<OwnSessionsPage>("/sessions", AdministratorRole.Viewer)
        .Action<AdministratorActions>("/sessions/end", AdministratorRole.Viewer, (actions, request) => actions.EndOwnSessionsAsync(request))
        .Page<AdministratorListPage>("/administrators", AdministratorRole.Owner);
}
