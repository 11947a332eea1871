namespace Sallyport.Server.Dashboard.Texts;

/// <summary>The pages about administrators and sessions.</summary>
internal static class AdministratorTexts
{
    public const string ListTitle = "Administrators";
    public const string ListHelp = "People who may use this dashboard, and what they may do.";
    public const string Person = "Administrator";
    public const string Role = "Role";
    public const string State = "State";
    public const string LastSignIn = "Last sign-in";
    public const string Active = "Active";
    public const string Invited = "Invited";
    public const string InvitationExpired = "Invitation expired";

    public const string OwnSessionsTitle = "Your sessions";
    public const string OwnSessionsHelp = "Browsers in which you are signed in. A session ends 30 minutes after its last use, and after 12 hours in any case.";
    public const string Browser = "Browser";
    public const string Address = "Address";
    public const string LastSeen = "Last use";
    public const string SignedIn = "Signed in";
    public const string This = "This browser";
    public const string End = "End";
    public const string EndAll = "End all sessions";
    public const string SessionEnded = "The session has ended.";
}
