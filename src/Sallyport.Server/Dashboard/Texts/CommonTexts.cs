using Sallyport.Server.Administrators;

namespace Sallyport.Server.Dashboard.Texts;

/// <summary>Texts that more than one area of the dashboard shows. All texts of the dashboard are in this folder, one class for each area.</summary>
internal static class CommonTexts
{
    public const string Product = "Sallyport";
    public const string SkipToContent = "Skip to the content";
    public const string MainNavigation = "Main";
    public const string Menu = "Menu";
    public const string SearchUsers = "Search users";
    public const string SearchUsersHint = "Address, name or id";
    public const string SignOut = "Sign out";
    public const string YourSessions = "Your sessions";
    public const string NavUsers = "Users";
    public const string NavAdministrators = "Administrators";
    public const string Breadcrumb = "Breadcrumb";
    public const string Cancel = "Cancel";
    public const string Save = "Save";
    public const string Copy = "Copy";
    public const string Copied = "Copied";
    public const string Optional = "optional";
    public const string Previous = "Previous";
    public const string Next = "Next";
    public const string Pages = "Pages";
    public const string Errors = "Please check what you entered:";
    public const string Danger = "Danger";
    public const string Never = "Never";
    public const string None = "None";
    public const string Unknown = "Unknown";
    public const string UnknownBrowser = "Unknown browser";
    public const string Yes = "Yes";
    public const string No = "No";
    public const string JustNow = "just now";
    public const string BackToDashboard = "Go to the dashboard";

    public const string NotFoundTitle = "There is nothing here";
    public const string NotFoundHelp = "It may have been deleted, or the address is wrong.";
    public const string ForbiddenTitle = "Your role does not allow this";
    public const string ForbiddenHelp = "Ask an owner to do it, or to give you another role.";
    public const string FormRefusedTitle = "This form is no longer valid";
    public const string FormRefusedHelp = "Nothing was changed. Open the page again, and send the form from there.";
    public const string NotNavigatedTitle = "This page can only be opened in a browser window";
    public const string NotNavigatedHelp = "Pages of the dashboard are not available to scripts.";
    public const string FaultTitle = "This did not work";
    public const string FaultHelp = "Nothing was changed. Try again; if it happens again, look for this reference in the log of the server:";
    public const string BadRequestTitle = "This address cannot be read";

    public static string Range(long first, long last, long? total) =>
        total is { } known ? $"{first}–{last} of {(known >= MaxTotal ? "more than " : "")}{known:N0}" : $"{first}–{last}";

    public static string BrowserOn(string browser, string system) => $"{browser} on {system}";

    public static string TypeToConfirm(string text) => $"Type {text} to confirm";

    public static string LanguageName(string name) => name switch
    {
        "ar" => "Arabic",
        "de" => "German",
        "en" => "English",
        "es" => "Spanish",
        "fr" => "French",
        "hi" => "Hindi",
        "it" => "Italian",
        "ja" => "Japanese",
        "ko" => "Korean",
        "nl" => "Dutch",
        "pl" => "Polish",
        "pt" => "Portuguese",
        "tr" => "Turkish",
        "zh" => "Chinese",
        _ => name,
    };

    public static string TitleOf(string page) => $"{page} – {Product}";

    public static string NewTab(string text) => $"{text} (opens in a new tab)";

    public static string RoleName(AdministratorRole role) => role switch
    {
        AdministratorRole.Viewer => "Viewer",
        AdministratorRole.Support => "Support",
        AdministratorRole.Editor => "Editor",
        AdministratorRole.Owner => "Owner",
    };

    public static string RoleHelp(AdministratorRole role) => role switch
    {
        AdministratorRole.Viewer => "Sees everything, changes nothing.",
        AdministratorRole.Support => "Also helps users: invitations, resets, blocks.",
        AdministratorRole.Editor => "Also changes settings: factors, pages, policies, clients.",
        AdministratorRole.Owner => "Also manages administrators and keys.",
    };

    /// <summary>How long ago, or until, in the largest unit.</summary>
    public static string Relative(TimeSpan ago)
    {
        var (length, isFuture) = (ago.Duration(), ago < TimeSpan.Zero);
        if (length < TimeSpan.FromMinutes(1))
        {
            return JustNow;
        }

        var (count, unit) = length.TotalDays >= 365 ? ((int)(length.TotalDays / 365), "year")
            : length.TotalDays >= 30 ? ((int)(length.TotalDays / 30), "month")
            : length.TotalDays >= 1 ? ((int)length.TotalDays, "day")
            : length.TotalHours >= 1 ? ((int)length.TotalHours, "hour")
            : ((int)length.TotalMinutes, "minute");
        var text = $"{count} {unit}{(count == 1 ? "" : "s")}";
        return isFuture ? $"in {text}" : $"{text} ago";
    }

    private const long MaxTotal = 10_000;
}
