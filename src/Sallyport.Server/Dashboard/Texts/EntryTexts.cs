namespace Sallyport.Server.Dashboard.Texts;

/// <summary>Sign-in and invitation.</summary>
internal static class EntryTexts
{
    public const string SignInTitle = "Sign in to the dashboard";
    public const string SignInHelp = "For administrators. A second step follows.";
    public const string Email = "Email address";
    public const string Password = "Password";
    public const string Continue = "Continue";
    public const string Wrong = "The address or the password is not right.";
    public const string Ended = "That sign-in can no longer be used. Please sign in again.";
    public const string SignedOut = "You are signed out.";
    public const string LostAccess = "No access any more? An owner can send you a new invitation.";

    public const string InvitationTitle = "Set up your access";
    public const string NewPassword = "New password";
    public const string InvitationEnded = "This invitation can no longer be used";
    public const string InvitationEndedHelp =
        "It was used, withdrawn or has expired. Ask an owner for a new one. If nobody can sign in yet, restart the server: it prints a new one.";

    public static string PasswordHelp(int length) => $"At least {length} characters. A sentence is easy to remember.";

    public static string PasswordTooShort(int length) => $"Use {length} characters or more.";

    public static string InvitationHelp(string email) => $"Choose a password for {email}. Then set up your second step.";

    public static string Locked(int minutes) => $"That was too many tries. Try again in {minutes} {(minutes == 1 ? "minute" : "minutes")}.";
}
