using Sallyport.Server.Administrators;
using Sallyport.Server.Dashboard.HostedPages;

namespace Sallyport.Server.Dashboard;

/// <summary>The pages about the hosted page.</summary>
internal static class HostedPageRoutes
{
    public const string Editor = DashboardRoutes.Root + "/hosted-page";
    public const string Switch = Editor + "/switch";
    public const string Preview = Editor + "/preview";
    public const string Check = Editor + "/check";
    public const string Versions = Editor + "/versions";
    public const string ResetToLast = Editor + "/reset/last";
    public const string ResetToDefault = Editor + "/reset/default";

    public static string Version(long number) => $"{Versions}/{number}";

    public static DashboardRoutes MapHostedPagePages(this DashboardRoutes routes) => routes
        .Page<HostedPageEditorPage>("/hosted-page", AdministratorRole.Viewer)
        .Action<HostedPageActions>("/hosted-page", AdministratorRole.Editor, (actions, request) => actions.SaveAsync(request))
        .Action<HostedPageActions>("/hosted-page/switch", AdministratorRole.Editor, (actions, request) => actions.SwitchAsync(request))
        .Action<HostedPageActions>("/hosted-page/preview", AdministratorRole.Viewer, (actions, request) => actions.PreviewAsync(request))
        .Action<HostedPageActions>("/hosted-page/check", AdministratorRole.Viewer, (actions, request) => actions.CheckAsync(request))
        .Page<VersionListPage>("/hosted-page/versions", AdministratorRole.Viewer)
        .Page<VersionPage>("/hosted-page/versions/{version}", AdministratorRole.Viewer)
        .Action<HostedPageActions>("/hosted-page/versions/{version}", AdministratorRole.Editor, (actions, request) => actions.RestoreAsync(request))
        .Page<ResetPage>("/hosted-page/reset/{to}", AdministratorRole.Editor)
        .Action<HostedPageActions>("/hosted-page/reset/{to}", AdministratorRole.Editor, (actions, request) => actions.ResetAsync(request));
}
