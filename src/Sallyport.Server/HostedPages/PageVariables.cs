namespace Sallyport.Server.HostedPages;

/// <summary>
/// The variables of a page (guardian-wire 5.2), and a few that only our widget knows. What is not there is null: to a
/// template an empty text counts as true.
/// </summary>
internal static class PageVariables
{
    public static Dictionary<string, object?> Of(PageData page) => new(StringComparer.Ordinal)
    {
        ["ticket"] = Text(page.Ticket),
        ["requestToken"] = Text(page.RequestToken),
        ["postActionURL"] = Text(page.PostActionUrl),
        ["mfaServerUrl"] = Text(page.MfaServerUrl),
        ["globalTrackingId"] = Text(page.GlobalTrackingId),
        ["stateCheckingMechanism"] = "polling",
        ["allowRememberBrowser"] = false,
        ["errors"] = Errors(page.Error),
        ["userData"] = User(page.User),
        // No setting of these yet: templates come with their own defaults.
        ["pageBackgroundColor"] = null,
        ["primaryColor"] = null,
        ["iconUrl"] = Text(page.IconUrl),
        ["supportEmail"] = Text(page.SupportEmail),
        ["supportUrl"] = Text(page.SupportUrl),
        ["pageUrl"] = Text(page.PageUrl),
        ["lang"] = Text(page.Locale.Tag),
        ["dir"] = Text(page.Locale.Direction),
        ["texts"] = Texts(page),
    };

    /// <summary>
    /// What our own page says itself; the widget brings its own texts. Words of ours hold no character that means anything
    /// to a page (a test holds them to it), so they go in as they are: a browser without scripts reads them too.
    /// </summary>
    private static Dictionary<string, object?> Texts(PageData page)
    {
        var texts = page.Locale.Texts;
        var title = page.RequestToken is null ? texts.PageTitle : texts.SignInPageTitle;
        return new(StringComparer.Ordinal)
        {
            ["title"] = Text(Languages.Texts.Fill(title, "tenant", page.User.TenantFriendlyName)),
            ["noScript"] = texts.NoScript,
            ["notLoaded"] = texts.NotLoaded,
        };
    }

    private static List<object?> Errors(PageError? error) => error is null ? [] :
    [
        new Dictionary<string, object?>(StringComparer.Ordinal) { ["message"] = Text(error.Message), ["code"] = Text(error.Code) },
    ];

    private static Dictionary<string, object?> User(PageUser user) => new(StringComparer.Ordinal)
    {
        ["userId"] = Text(user.UserId),
        ["email"] = Text(user.Email),
        ["friendlyUserId"] = Text(user.FriendlyUserId),
        ["tenant"] = Text(user.Tenant),
        ["tenantFriendlyName"] = Text(user.TenantFriendlyName),
    };

    private static string? Text(string? value) => string.IsNullOrEmpty(value) ? null : PageText.Mark(value);
}
