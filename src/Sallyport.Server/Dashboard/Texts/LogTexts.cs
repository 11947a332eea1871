namespace Sallyport.Server.Dashboard.Texts;

/// <summary>Entries of the log.</summary>
internal static class LogTexts
{
    public const string What = "What";
    public const string By = "By";
    public const string From = "From";
    public const string When = "When";

    private const string Prefix = "Guardian - ";

    /// <summary>The actions of the dashboard, by the last part of their address.</summary>
    private static readonly Dictionary<string, string> Actions = new(StringComparer.Ordinal)
    {
        ["new"] = "Created",
        ["invite"] = "Invited",
        ["withdraw"] = "Invitations withdrawn",
        ["remove"] = "Removed",
        ["reset"] = "All factors reset",
        ["recovery-code"] = "New recovery code made",
        ["forget-browsers"] = "Browsers forgotten",
        ["resume-push"] = "Push messages resumed",
        ["block"] = "Blocked",
        ["unblock"] = "Unblocked",
        ["unlock"] = "Unlocked",
        ["delete"] = "Deleted",
        ["role"] = "Role changed",
        ["sign-out"] = "Signed out",
        ["end"] = "Session ended",
    };

    /// <summary>Calls of the Management API about users: the method, how the path begins and ends, and what was done.</summary>
    private static readonly (string Method, string Start, string End, string Text)[] Calls =
    [
        ("POST", "/users", "/users", "User created"),
        ("POST", "/guardian/enrollments/", "/ticket", "Invited"),
        ("DELETE", "/guardian/enrollments/", "/tickets", "Invitations withdrawn"),
        ("DELETE", "/guardian/enrollments/", "", "Factor removed"),
        ("DELETE", "/users/", "/authenticators", "All factors reset"),
        ("POST", "/users/", "/recovery-code-regeneration", "New recovery code made"),
        ("POST", "/users/", "/invalidate-remember-browser", "Browsers forgotten"),
        ("POST", "/users/", "/resume-push-notifications", "Push messages resumed"),
        ("POST", "/users/", "/authentication-methods", "Authentication method added"),
        ("DELETE", "/user-blocks/", "", "Unlocked"),
        ("POST", "/guardian/transactions", "/transactions", "Sign-in begun"),
        ("POST", "/guardian/transactions/", "/redeem", "Sign-in completed"),
    ];

    private const string ApiPrefix = "/api/v2";

    public static string DoneThroughApi(string method, string path)
    {
        var local = path.StartsWith(ApiPrefix, StringComparison.Ordinal) ? path[ApiPrefix.Length..] : path;
        var known = Calls.FirstOrDefault(call => call.Method == method
            && local.StartsWith(call.Start, StringComparison.Ordinal) && local.EndsWith(call.End, StringComparison.Ordinal)).Text;
        return known ?? (local.Split('/') is ["", "users", _] ? UserCall(method) : null) ?? $"{method} {local}";
    }

    private static string? UserCall(string method) => method switch
    {
        "PATCH" => "User changed",
        "DELETE" => "User deleted",
        _ => null,
    };

    public static string DoneInDashboard(string path) =>
        Actions.TryGetValue(path[(path.LastIndexOf('/') + 1)..], out var text) ? text : path;

    /// <param name="description">As the log has it.</param>
    public static string Describe(string description) =>
        description.StartsWith(Prefix, StringComparison.Ordinal) && description.Length > Prefix.Length
            ? char.ToUpperInvariant(description[Prefix.Length]) + description[(Prefix.Length + 1)..]
            : description;
}
