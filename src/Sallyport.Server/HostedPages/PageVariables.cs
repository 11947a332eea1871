using Sallyport.Protocols.Liquid;

namespace Sallyport.Server.HostedPages;

/// <summary>
/// The variables of a page (docs/hosted-page.md, Variables). A missing value is null, because an empty text is true in a template.
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
        ["allowRememberBrowser"] = page.AllowRememberBrowser,
        ["rememberBrowserDefault"] = page.RememberBrowserDefault,
        ["errors"] = Errors(page.Error),
        ["userData"] = User(page.User),
        // There is no setting for these two yet. Templates have their own defaults.
        ["pageBackgroundColor"] = null,
        ["primaryColor"] = null,
        ["iconUrl"] = Text(page.IconUrl),
        ["supportEmail"] = Text(page.SupportEmail),
        ["supportUrl"] = Text(page.SupportUrl),
        ["pageUrl"] = Text(page.PageUrl),
        ["bindingMessage"] = Text(page.BindingMessage),
        ["lang"] = Text(page.Locale.Tag),
        ["dir"] = Text(page.Locale.Direction),
        ["texts"] = Texts(page),
    };

    /// <summary>The variables of a template that no page has, such as misspelt ones, in alphabetical order.</summary>
    public static IReadOnlyList<string> ListUnknown(LiquidTemplate template, PageData page)
    {
        var known = Of(page);
        return
        [
            .. template.Variables
                .Where(path => path.Split('.') is var names && !(known.TryGetValue(names[0], out var value) && Has(value, names.AsSpan(1))))
                .Order(StringComparer.Ordinal),
        ];
    }

    private static bool Has(object? value, ReadOnlySpan<string> path) =>
        path.IsEmpty
        || (value is IReadOnlyDictionary<string, object?> map && map.TryGetValue(path[0], out var member) && Has(member, path[1..]))
        // Liquid computes these for lists, maps and texts.
        || path[0] is "size" or "first" or "last";

    /// <summary>
    /// The texts of the default page; the widget has its own. They are trusted (a test checks that they hold no markup), because
    /// <c>noscript</c> is one of the places where marked texts show as escape sequences.
    /// </summary>
    private static Dictionary<string, object?> Texts(PageData page)
    {
        var texts = page.Locale.Texts;
        var title = page.RequestToken is null ? texts.PageTitle : texts.SignInPageTitle;
        return new(StringComparer.Ordinal)
        {
            ["title"] = Text(Languages.Texts.Fill(title, "tenant", page.User.TenantFriendlyName)),
            ["noScript"] = new TrustedText(texts.NoScript),
            ["notLoaded"] = new TrustedText(texts.NotLoaded),
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

    private static string? Text(string? value) => string.IsNullOrEmpty(value) ? null : value;
}
