using Sallyport.Server.Administrators;
using Sallyport.Server.Dashboard.Administrators;

namespace Sallyport.Server.Dashboard;

/// <summary>The pages about administrators, and everybody's own sessions.</summary>
internal static class AdministratorRoutes
{
    public const string List = DashboardRoutes.Root + "/administrators";
    public const string New = List + "/new";
    public const string OwnSessions = DashboardRoutes.Root + "/sessions";

    private const AdministratorRole Viewer = AdministratorRole.Viewer;
    private const AdministratorRole Owner = AdministratorRole.Owner;

    /// <param name="part">A page or an action below the administrator's page; null for that page.</param>
    public static string Of(string userId, string? part = null) => $"{List}/{Uri.EscapeDataString(userId)}{(part is null ? "" : "/" + part)}";

    public static DashboardRoutes MapAdministratorPages(this DashboardRoutes routes) => routes
        .Page<OwnSessionsPage>("/sessions", Viewer)
        .Action<AdministratorActions>("/sessions/end", Viewer, (actions, request) => actions.EndOwnSessionsAsync(request))
        .Page<AdministratorListPage>("/administrators", Owner)
        .Page<NewAdministratorPage>("/administrators/new", Owner)
        .Action<AdministratorActions>("/administrators/new", Owner, (actions, request) => actions.InviteAsync(request))
        .Page<AdministratorPage>("/administrators/{id}", Owner)
        .Action<AdministratorActions>("/administrators/{id}/role", Owner, (actions, request) => actions.SetRoleAsync(request))
        .Page<AdministratorQuestionPage>("/administrators/{id}/invite", Owner)
        .Action<AdministratorActions>("/administrators/{id}/invite", Owner, (actions, request) => actions.InviteAgainAsync(request))
        .Page<AdministratorQuestionPage>("/administrators/{id}/reset", Owner)
        .Action<AdministratorActions>("/administrators/{id}/reset", Owner, (actions, request) => actions.ResetAsync(request))
        .Action<AdministratorActions>("/administrators/{id}/end", Owner, (actions, request) => actions.EndSessionsAsync(request))
        .Page<AdministratorQuestionPage>("/administrators/{id}/remove", Owner)
        .Action<AdministratorActions>("/administrators/{id}/remove", Owner, (actions, request) => actions.RemoveAsync(request));
}
