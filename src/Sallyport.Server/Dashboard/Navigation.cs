using Sallyport.Server.Administrators;
using Sallyport.Server.Dashboard.Texts;

namespace Sallyport.Server.Dashboard;

/// <summary>A page and its name.</summary>
public sealed record PageLink(string Address, string Text);

/// <summary>An entry of the navigation. Pages whose address begins with <paramref name="Address"/> belong to it.</summary>
internal sealed record NavigationEntry(string Address, string Text, AdministratorRole Role)
{
    public bool Contains(string path) => path == Address || path.StartsWith(Address + "/", StringComparison.Ordinal);
}

/// <summary>The navigation at the left, in its order. It has the pages that exist.</summary>
internal static class Navigation
{
    private static readonly NavigationEntry[] Entries =
    [
        new(UserRoutes.List, CommonTexts.NavUsers, AdministratorRole.Viewer),
        new(HostedPageRoutes.Editor, HostedPageTexts.Title, AdministratorRole.Viewer),
        new(EmailRoutes.List, EmailTexts.Title, AdministratorRole.Viewer),
        new(AdministratorRoutes.List, CommonTexts.NavAdministrators, AdministratorRole.Owner),
    ];

    /// <summary>The dashboard opens with the first entry.</summary>
    public static bool IsCurrent(NavigationEntry entry, string path) => path == DashboardRoutes.Root ? entry == Entries[0] : entry.Contains(path);

    public static IEnumerable<NavigationEntry> For(DashboardRequest request) => Entries.Where(entry => request.Allows(entry.Role));
}
