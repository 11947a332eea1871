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

    public const string Invite = "Invite administrator";
    public const string NewTitle = "Invite an administrator";
    public const string NewHelp = "The person gets a link, chooses a password and sets up a second step.";
    public const string Email = "Email address";
    public const string InviteButton = "Make the invitation";
    public const string Exists = "There is an administrator with this address.";
    public const string RoleInvalid = "Choose a role.";
    public const string RoleLabel = "Role";
    public const string SaveRole = "Save role";
    public const string RoleChanged = "The role was changed.";
    public const string LinkTitle = "The invitation";
    public const string LinkHelp = "Give this link to the person in a safe way. It works for 24 hours, until the person has signed in, and is shown only now.";
    public const string LinkLabel = "Link";
    public const string BackToList = "Back to the administrators";
    public const string SessionsTitle = "Sessions";
    public const string NoSessions = "There is none.";
    public const string AccessTitle = "Access";
    public const string InviteAgain = "New invitation";
    public const string InviteAgainHelp = "For a person who has not signed in yet, or has forgotten the password. Earlier invitations end.";
    public const string Reset = "Reset the second step";
    public const string ResetHelp = "For a person who has lost the device. The factors are removed, sessions end, and you get a new invitation.";
    public const string Remove = "Remove administrator";
    public const string RemoveDone = "The administrator was removed.";
    public const string LastOwner = "This is the last owner";
    public const string LastOwnerHelp = "Nothing was changed. Make another administrator an owner first; the person has to sign in once.";

    public static QuestionText Question(string action, string who) => action switch
    {
        "invite" => new($"Make a new invitation for {who}?", InviteAgain, "Earlier invitations stop working. The new link is shown once, to you."),
        "reset" => new($"Reset the second step of {who}?", Reset, "The factors are removed and all sessions end. The link of the new invitation is shown once, to you."),
        _ => new($"Remove {who}?", Remove, "The person can no longer sign in, and all sessions end at once. The log keeps its entries."),
    };

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
