using Sallyport.Server.Administrators;
using Sallyport.Server.Dashboard.Emails;

namespace Sallyport.Server.Dashboard;

/// <summary>The pages about email templates.</summary>
internal static class EmailRoutes
{
    public const string List = DashboardRoutes.Root + "/emails";

    public static string Of(string name, string? part = null) => $"{List}/{name}{(part is null ? "" : "/" + part)}";

    public static DashboardRoutes MapEmailPages(this DashboardRoutes routes) => routes
        .Page<EmailListPage>("/emails", AdministratorRole.Viewer)
        .Page<EmailEditorPage>("/emails/{name}", AdministratorRole.Viewer)
        .Action<EmailActions>("/emails/{name}", AdministratorRole.Editor, (actions, request) => actions.SaveAsync(request))
        .Action<EmailActions>("/emails/{name}/preview", AdministratorRole.Viewer, (actions, request) => actions.PreviewAsync(request))
        .Action<EmailActions>("/emails/{name}/check", AdministratorRole.Viewer, (actions, request) => actions.CheckAsync(request))
        .Action<EmailActions>("/emails/{name}/test", AdministratorRole.Editor, (actions, request) => actions.SendTestAsync(request))
        .Page<EmailResetPage>("/emails/{name}/reset", AdministratorRole.Editor)
        .Action<EmailActions>("/emails/{name}/reset", AdministratorRole.Editor, (actions, request) => actions.ResetAsync(request));
}
