using Sallyport.Server.Dashboard.Components;

namespace Sallyport.Server.Dashboard.Texts;

/// <summary>The pages about the hosted page.</summary>
internal static class HostedPageTexts
{
    public const string Title = "Hosted page";
    public const string Help = "What people see when they set up their second step, and when they use it.";
    public const string OwnIsShown = "Your page is shown";
    public const string BuiltInIsShown = "The built-in page is shown";
    public const string OwnIsShownHelp = "People see the text below. Changes take effect when you save them.";
    public const string BuiltInIsShownHelp = "You can edit and save the text below; people see it when you switch it on.";
    public const string SwitchOn = "Show my page";
    public const string SwitchOff = "Show the built-in page";
    public const string SwitchedOn = "People now see your page.";
    public const string SwitchedOff = "People now see the built-in page. Your text is kept.";
    public const string Code = "HTML with Liquid";
    public const string CodeHelp = "The default page explains itself in comments.";
    public const string ReadOnlyHelp = "Your role may read and preview the page, but not change it.";
    public const string Saved = "The page is saved. People see the built-in page until you switch yours on.";
    public const string SavedAndShown = "The page is saved, and people see it from now on.";
    public const string Empty = "The page is empty. To show the built-in page, use the button above.";
    public const string Conflict = "Somebody else has saved this page since you opened it.";
    public const string ConflictHelp = "Nothing was saved. This is what your text changes in theirs. Save again to replace theirs, or open their page and start from there.";
    public const string ConflictDifference = "What your text changes";
    public const string OpenTheirs = "Open their page";
    public const string Use = "Use";
    public const string UseTicket = "Set up with a ticket";
    public const string UseSignIn = "Sign in";
    public const string SampleError = "With an error";
    public const string User = "User id";
    public const string NoSuchUser = "There is no user with this id.";
    public const string PreviewHelp = "A preview is sandboxed: it shows sample screens, and sends nothing.";
    public const string VersionsLink = "Versions";
    public const string ResetToLast = "Reset to last";
    public const string ResetToDefault = "Reset to default";

    public const string VersionsTitle = "Versions of the hosted page";
    public const string VersionsHelp = "The last 20 texts that were saved.";
    public const string NoVersionsTitle = "No text was saved yet";
    public const string NoVersionsHelp = "Every text that you save becomes a version, which can be restored.";
    public const string VersionColumn = "Version";
    public const string SavedColumn = "Saved";
    public const string AuthorColumn = "By";
    public const string Current = "Current";
    public const string WhatItChanged = "What this version changed";
    public const string FirstVersion = "There is no earlier version to compare with.";
    public const string WhatRestoringChanges = "What restoring it would change";
    public const string Restore = "Restore this version";
    public const string CommandLine = "Command line";

    public const string ResetToLastConsequence = "The page gets the text before the last one again. You can undo this: the current text stays a version.";
    public const string ResetToDefaultConsequence = "The page gets a copy of the built-in text. You can undo this: the current text stays a version.";
    public const string WhatResetChanges = "What will change";
    public const string NoEarlierText = "There is no earlier text: only one was ever saved.";

    public static readonly IReadOnlyList<TemplateVariable> Variables =
    [
        new("ticket", "The ticket with which a user enrolls. Empty at a sign-in."),
        new("requestToken", "The token of a sign-in. Empty with a ticket."),
        new("postActionURL", "Where the page posts the result of a sign-in."),
        new("mfaServerUrl", "The address of the API that the widget calls."),
        new("userData.userId", "The user's id."),
        new("userData.email", "The user's email address."),
        new("userData.friendlyUserId", "The name under which the user knows the account: address or name."),
        new("userData.tenant", "The id of your tenant."),
        new("userData.tenantFriendlyName", "The name of your tenant."),
        new("errors", "A list of at most one error: message and code. The widget shows it instead of starting."),
        new("iconUrl", "The address of your logo."),
        new("supportEmail", "Your support address."),
        new("supportUrl", "The address of your support page."),
        new("bindingMessage", "What a sign-in is for, if the application says so."),
        new("allowRememberBrowser", "Whether the user may have the browser remembered."),
        new("rememberBrowserDefault", "Whether that box is ticked at first."),
        new("lang", "The language of the reader, for example en."),
        new("dir", "The direction of that language: ltr or rtl."),
        new("texts.title", "The title of the built-in page in the reader's language."),
        new("pageUrl", "The address of the page, to go on with a phone."),
        new("globalTrackingId", "A reference that the log knows."),
    ];

    public static string VersionTitle(long version) => $"Version {version}";

    public static string ByClient(string clientId) => $"Client {clientId}";
}
