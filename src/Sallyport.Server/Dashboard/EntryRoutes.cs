using Sallyport.Server.Administrators;
using Sallyport.Server.Dashboard.Entry;

namespace Sallyport.Server.Dashboard;

/// <summary>Sign-in, sign-out and invitation: the only routes without a session.</summary>
internal static class EntryRoutes
{
    public const string SignIn = DashboardRoutes.Root + "/sign-in";
    public const string Finish = SignIn + "/finish";
    public const string SignOut = DashboardRoutes.Root + "/sign-out";

    public static DashboardRoutes MapEntry(this DashboardRoutes routes) => routes
        .OpenPage<SignInPage>("/sign-in")
        .OpenAction<EntryActions>("/sign-in", (actions, request) => actions.SignInAsync(request))
        .OpenResult<EntryActions>("/sign-in/finish", (actions, request) => actions.FinishAsync(request))
        .OpenPage<InvitationPage>("/invitation")
        .OpenAction<EntryActions>("/invitation", (actions, request) => actions.AcceptInvitationAsync(request))
        .Action<EntryActions>("/sign-out", AdministratorRole.Viewer, (actions, request) => actions.SignOutAsync(request));
}
