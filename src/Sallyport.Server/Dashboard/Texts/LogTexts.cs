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

    public static string DoneInDashboard(string path) =>
        Actions.TryGetValue(path[(path.LastIndexOf('/') + 1)..], out var text) ? text : path;

    /// <param name="description">As the log has it.</param>
    public static string Describe(string description) =>
        description.StartsWith(Prefix, StringComparison.Ordinal) && description.Length > Prefix.Length
            ? char.ToUpperInvariant(description[Prefix.Length]) + description[(Prefix.Length + 1)..]
            : description;
}
