using Sallyport.Server.Audit;

namespace Sallyport.Server.Administrators;

/// <summary>What an administrator may do in the dashboard. Each role includes the ones before it.</summary>
public enum AdministratorRole
{
    /// <summary>Sees everything, changes nothing.</summary>
    Viewer,

    /// <summary>Helps users: invitations, resets, blocks.</summary>
    Support,

    /// <summary>Changes settings: factors, pages, policies, clients.</summary>
    Editor,

    /// <summary>Manages administrators and keys.</summary>
    Owner,
}

/// <summary>The names of the roles as they are stored and sent in forms.</summary>
internal static class AdministratorRoles
{
    public static readonly IReadOnlyList<AdministratorRole> All = Enum.GetValues<AdministratorRole>();

    public static string Name(AdministratorRole role) => role switch
    {
        AdministratorRole.Viewer => "viewer",
        AdministratorRole.Support => "support",
        AdministratorRole.Editor => "editor",
        AdministratorRole.Owner => "owner",
    };

    /// <returns>Null if there is no such role.</returns>
    public static AdministratorRole? Find(string? name) =>
        All.Where(role => Name(role) == name).Select(role => (AdministratorRole?)role).FirstOrDefault();
}

/// <summary>A person who may use the dashboard.</summary>
/// <param name="SignedInAt">The last sign-in; null if there was none.</param>
/// <param name="HasInvitation">An invitation is open.</param>
internal sealed record Administrator(string UserId, string Email, AdministratorRole Role, DateTimeOffset? SignedInAt, bool HasInvitation)
{
    public CallActor Actor => new(UserId, Email);
}

/// <summary>A browser in which an administrator is signed in.</summary>
/// <param name="Id">Names it in lists. The secret is in the cookie only.</param>
internal sealed record AdministratorSession(string Id, Administrator Administrator, DateTimeOffset CreatedAt, DateTimeOffset LastSeenAt)
{
    /// <summary>A session ends after this time without a request (NIST SP 800-63B section 4.2.3).</summary>
    public static readonly TimeSpan IdleTimeout = TimeSpan.FromMinutes(30);

    /// <summary>A session ends after this time in any case.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);

    public string? Address { get; init; }

    public string? UserAgent { get; init; }

    public static bool IsAlive(DateTimeOffset createdAt, DateTimeOffset lastSeenAt, DateTimeOffset now) =>
        now < createdAt + Lifetime && now < lastSeenAt + IdleTimeout;
}
