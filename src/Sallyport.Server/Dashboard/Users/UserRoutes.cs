using Sallyport.Server.Administrators;
using Sallyport.Server.Dashboard.Users;

namespace Sallyport.Server.Dashboard;

/// <summary>The pages about users.</summary>
internal static class UserRoutes
{
    public const string List = DashboardRoutes.Root + "/users";

    public static string Of(string userId, string? part = null) => $"{List}/{Uri.EscapeDataString(userId)}{(part is null ? "" : "/" + part)}";

    public static DashboardRoutes MapUserPages(this DashboardRoutes routes) => routes
        .Page<UserListPage>("/users", AdministratorRole.Viewer);
}
