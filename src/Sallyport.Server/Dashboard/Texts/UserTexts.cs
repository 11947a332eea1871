namespace Sallyport.Server.Dashboard.Texts;

/// <summary>The pages about users.</summary>
internal static class UserTexts
{
    public const string ListTitle = "Users";
    public const string ListHelp = "Find a person, see what they can sign in with, and help them.";
    public const string SearchLabel = "Find users";
    public const string SearchHelp = "An email address, a name, a phone number or an id; or a query such as email:*@example.com AND blocked:true";
    public const string Search = "Search";
    public const string ShowAll = "Show all";
    public const string User = "User";
    public const string SecondFactor = "Second factor";
    public const string State = "State";
    public const string LastLogin = "Last sign-in";
    public const string Created = "Created";
    public const string Enrolled = "Enrolled";
    public const string NotEnrolled = "Not enrolled";
    public const string Active = "Active";
    public const string Blocked = "Blocked";
    public const string NoMatchTitle = "Nobody matches";
    public const string NoMatchHelp = "Check the spelling, or search for a part of the address with a star: ann*";
    public const string NoUsersTitle = "There are no users yet";
    public const string NoUsersHelp = "Create one here, import a file, or let your backend create them through the API.";
    public const string TimedOut = "That search takes too long. Use fewer stars, or search for one field.";
    public const string Create = "Create user";

    public const string FactorsTitle = "Signs in with";
    public const string NoFactorsTitle = "No second factor";
    public const string NoFactorsHelp = "Send an invitation: the person opens the link and sets one up.";
    public const string Factor = "Factor";
    public const string Name = "Name";
    public const string EnrolledAt = "Enrolled";
    public const string LastUsed = "Last used";
    public const string Remove = "Remove";
    public const string RecoveryCode = "Recovery code";
    public const string HasRecoveryCode = "Has one";
    public const string HasNoRecoveryCode = "Has none";
    public const string NewRecoveryCode = "New recovery code";
    public const string ForgetBrowsers = "Forget browsers";
    public const string ResumePush = "Resume push messages";
    public const string PushHalted = "Halted: the person reported a sign-in";

    public const string TicketsTitle = "Open invitations";
    public const string NoTickets = "There is none.";
    public const string AnyFactor = "Any factor";
    public const string Expires = "Expires";
    public const string Invite = "Invite to enroll";
    public const string Resend = "Send a new one";
    public const string Withdraw = "Withdraw all";
    public const string Another = "one more authenticator";

    public const string LogTitle = "What happened";
    public const string WholeLog = "Show all";
    public const string NoLog = "Nothing yet.";
    public const string LogTimedOut = "The log takes too long to read.";
    public const string Explain = "Why was this person asked?";

    public const string ProfileTitle = "Profile";
    public const string Id = "Id";
    public const string Email = "Email address";
    public const string Verified = "verified";
    public const string NotVerified = "not verified";
    public const string Username = "User name";
    public const string Phone = "Phone number";
    public const string Connection = "Connection";
    public const string Logins = "Sign-ins";
    public const string Updated = "Changed";
    public const string Metadata = "Metadata";
    public const string UserMetadata = "user_metadata";
    public const string AppMetadata = "app_metadata";

    public const string LockedOut = "Locked out";
    public const string LockedOutHelp = "Too many wrong codes. It ends by itself; you can end it now.";
    public const string Unlock = "Unlock";
    public const string Block = "Block";
    public const string Unblock = "Unblock";
    public const string Reset = "Reset all factors";
    public const string Delete = "Delete user";

    public const string NewTitle = "New user";
    public const string NewHelp = "An invitation to set up a second factor is the next step.";
    public const string PasswordLabel = "Password";
    public const string PasswordHelp = "Only if this server checks the password of your users.";
    public const string EmailInvalid = "This is not an email address.";
    public const string UserExists = "There is a user with this address.";
    public const string PasswordTooShort = "This password is too short.";
    public const string ConnectionNotFound = "This connection no longer exists.";
    public const string CreateButton = "Create";

    public const string InviteTitle = "Invite to enroll";
    public const string InviteFactor = "Which factor";
    public const string InviteFactorHelp = "“Any” lets the person choose among those that are switched on.";
    public const string InviteLanguage = "Language";
    public const string InviteLanguageHelp = "Of the mail and the page.";
    public const string DefaultLanguage = "Default of the tenant";
    public const string InviteWay = "How";
    public const string InviteMail = "Send it by mail";
    public const string InviteLink = "Show me the link";
    public const string InviteEmail = "Send to another address";
    public const string InviteMultiple = "Let a person who is enrolled add another authenticator";
    public const string InviteButton = "Invite";
    public const string NoAddress = "This person has no address. Give one, or choose the link.";
    public const string FactorNotAllowed = "An invitation cannot be limited to this factor.";
    public const string FactorOff = "This factor is switched off. Switch it on before you invite somebody to enroll it.";
    public const string InvitationSent = "The invitation is on its way. It works once and for five days.";
    public const string LinkTitle = "The invitation";
    public const string LinkHelp = "Give this link to the person in a safe way. It works once and for five days, and is shown only now.";
    public const string LinkLabel = "Link";
    public const string NewCodeTitle = "New recovery code";
    public const string NewCodeHelp = "Give this code to the person in a safe way. It works once and is shown only now. The old one no longer works.";
    public const string NewCodeLabel = "Recovery code";
    public const string BackToUser = "Back to the user";

    public const string RemoveDone = "The factor was removed. The person is told by mail.";
    public const string ResetDone = "All factors were removed. The next step is a new invitation.";
    public const string ForgetDone = "All browsers of this person are forgotten.";
    public const string ResumeDone = "Push messages are sent again.";
    public const string WithdrawDone = "All invitations were withdrawn.";
    public const string BlockDone = "The user is blocked.";
    public const string UnblockDone = "The user is no longer blocked.";
    public const string UnlockDone = "The user can try again.";
    public const string TypedWrong = "This is not the address of the user.";

    public const string ExplainTitle = "Why was this person asked?";
    public const string ExplainHelp = "Says whether a sign-in needs a second factor, and which rule decides it. Nothing is changed.";
    public const string Client = "Application";
    public const string Address = "IP address";
    public const string Scope = "Scopes";
    public const string ScopeHelp = "Those that the application asks for, separated by spaces.";
    public const string ExplainButton = "Explain";
    public const string AddressInvalid = "This is not an IP address.";
    public const string Required = "A second factor is needed";
    public const string NotRequired = "No second factor is needed";
    public const string DecidedBy = "Decided by";
    public const string IsEnrolled = "The person is enrolled";
    public const string OffersEnrollment = "May enroll during the sign-in";

    public static string CreateDone(string email) => $"{email} was created. The next step is an invitation.";

    public static string NameTooLong(int length) => $"Use {length} characters or fewer.";

    public static string DeleteDone(string who) => $"{who} was deleted.";

    public static string InviteHelp(string who) => $"{who} gets a link, opens it and sets up a second factor.";

    public static string RemoveTitle(string factor) => $"Remove “{factor}”?";

    public static string RemoveHelp(string who) => $"{who} can no longer sign in with it, and is told by mail. Remembered browsers are forgotten.";

    public static string Rule(int number, string name) => $"Rule {number}: {name}";

    public static string DecidedByOther(string reason) => reason switch
    {
        "acr_values" => "The application asks for a second factor",
        "policies" => "The policies of the tenant",
        _ => "The default: no policy was set",
    };

    /// <summary>What a question about a user says, by the last part of its address.</summary>
    public static QuestionText Question(string action, string who) => action switch
    {
        "reset" => new(
            $"Reset all factors of {who}?", Reset,
            "All authenticators and the recovery code are removed, open invitations and sign-ins end, remembered browsers are forgotten. The person is told by mail and needs a new invitation."),
        "recovery-code" => new(
            $"Make a new recovery code for {who}?", NewRecoveryCode,
            "The old recovery code no longer works. The new one is shown once, to you: give it to the person in a safe way. The person is told by mail."),
        "withdraw" => new(
            $"Withdraw the invitations of {who}?", Withdraw, "All open links stop working, and what was begun with them ends."),
        "block" => new(
            $"Block {who}?", Block, "The person can no longer sign in. Open invitations and sign-ins end."),
        _ => new(
            $"Delete {who}?", Delete, "The user is deleted, with all factors, invitations and metadata. This cannot be undone. The log keeps its entries."),
    };
}

/// <param name="Confirm">The text of the button.</param>
/// <param name="Consequence">What will happen.</param>
internal sealed record QuestionText(string Title, string Confirm, string Consequence);
