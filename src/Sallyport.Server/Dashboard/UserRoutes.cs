using Sallyport.Server.Administrators;
using Sallyport.Server.Dashboard.Users;
using Sallyport.Server.Http;

namespace Sallyport.Server.Dashboard;

/// <summary>The pages about users.</summary>
internal static class UserRoutes
{
    public const string List = DashboardRoutes.Root + "/users";
    public const string New = List + "/new";

    private const AdministratorRole Viewer = AdministratorRole.Viewer;
    private const AdministratorRole Support = AdministratorRole.Support;
    private const AdministratorRole Editor = AdministratorRole.Editor;

    /// <param name="part">A page or an action below the user's page; null for that page.</param>
    public static string Of(string userId, string? part = null) => $"{List}/{Uri.EscapeDataString(userId)}{(part is null ? "" : "/" + part)}";

    public static DashboardRoutes MapUserPages(this DashboardRoutes routes) => routes
        .Page<UserListPage>("/users", Viewer)
        .Page<NewUserPage>("/users/new", Support)
        .Action<UserActions>("/users/new", Support, (actions, request) => actions.CreateAsync(request))
        .Page<UserDetailsPage>("/users/{id}", Viewer)
        .Page<UserLogPage>("/users/{id}/log", Viewer)
        .Page<ExplainPage>("/users/{id}/explain", Viewer)
        .Page<InvitePage>("/users/{id}/invite", Support)
        .Action<InviteActions>("/users/{id}/invite", Support, (actions, request) => actions.InviteAsync(request))
        .Page<UserQuestionPage>("/users/{id}/withdraw", Support)
        .Action<InviteActions>("/users/{id}/withdraw", Support, (actions, request) => actions.WithdrawAsync(request))
        .Page<RemoveFactorPage>("/users/{id}/factors/{factor}/remove", Support)
        .Action<UserFactorActions>("/users/{id}/factors/{factor}/remove", Support, (actions, request) => actions.RemoveAsync(request))
        .Page<UserQuestionPage>("/users/{id}/reset", Support)
        .Action<UserFactorActions>("/users/{id}/reset", Support, (actions, request) => actions.ResetAsync(request))
        .Page<UserQuestionPage>("/users/{id}/recovery-code", Support)
        .Action<UserFactorActions>("/users/{id}/recovery-code", Support, (actions, request) => actions.RegenerateAsync(request))
        .Action<UserFactorActions>("/users/{id}/forget-browsers", Support, (actions, request) => actions.ForgetBrowsersAsync(request))
        .Action<UserFactorActions>("/users/{id}/resume-push", Support, (actions, request) => actions.ResumePushAsync(request))
        .Page<UserQuestionPage>("/users/{id}/block", Support)
        .Action<UserActions>("/users/{id}/block", Support, (actions, request) => actions.SetBlockedAsync(request, isBlocked: true))
        .Action<UserActions>("/users/{id}/unblock", Support, (actions, request) => actions.SetBlockedAsync(request, isBlocked: false))
        .Action<UserActions>("/users/{id}/unlock", Support, (actions, request) => actions.UnlockAsync(request))
        .Page<UserQuestionPage>("/users/{id}/delete", Editor)
        .Action<UserActions>("/users/{id}/delete", Editor, (actions, request) => actions.DeleteAsync(request));

    /// <returns>The id of the user in the path.</returns>
    /// <exception cref="ApiException">404: it cannot be a user's, or is an administrator's, who are managed by owners only.</exception>
    public static string UserId(this DashboardRequest request) =>
        request.Route("id") is var id && id.Contains('|') && !id.Contains('\0') && !AdministratorUsers.Contains(id)
            ? id
            : throw new ApiException(ApiError.NotFound("There is no such user.", ErrorCodes.InexistentUser));
}
