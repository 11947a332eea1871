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
}
