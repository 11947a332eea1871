using System.Text.RegularExpressions;
using Sallyport.Protocols.Html;
using Sallyport.Protocols.Liquid;

namespace Sallyport.Server.HostedPages;

/// <summary>
/// The card of the widget with its header and the first words, as markup. It fills the container of the widget until the script has loaded,
/// which takes seconds on a slow network. Then the widget replaces it.
/// </summary>
/// <param name="ContainerId">The id of the element that the widget will fill.</param>
/// <param name="Html">The markup of the card.</param>
internal sealed partial record PageSkeleton(string ContainerId, string Html)
{
    private const string DefaultContainer = "container";

    private static readonly LiquidTemplate Template = BuiltInTemplate.Parse("PageSkeleton");

    /// <param name="page">The content of the page.</param>
    /// <param name="used">The variables that the template of the page uses.</param>
    /// <param name="html">The rendered template.</param>
    /// <returns>Null if the page does not show the widget.</returns>
    public static PageSkeleton? Of(PageData page, IReadOnlySet<string> used, string html)
    {
        if (!html.Contains("Auth0MFAWidget(", StringComparison.Ordinal))
        {
            return null;
        }

        // A page with its own texts may have them in another language than the reader's.
        var hasWords = !html.Contains("languageDictionary", StringComparison.Ordinal);
        var variables = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["lang"] = page.Locale.Tag,
            ["dir"] = page.Locale.Direction,
            ["icon"] = Uses("iconUrl") ? page.IconUrl : null,
            ["tenant"] = Uses("userData.tenantFriendlyName") ? page.User.TenantFriendlyName : Uses("userData.tenant") ? page.User.Tenant : null,
            ["account"] = Uses("userData.friendlyUserId") ? page.User.FriendlyUserId : Uses("userData.email") ? page.User.Email : null,
            ["headingTag"] = html.Contains("<h1", StringComparison.OrdinalIgnoreCase) ? "h2" : "h1",
            ["heading"] = hasWords ? Trusted(page.Error is { } error ? error.Message : page.Ticket is null ? null : page.Locale.Texts.EnrollHeading) : null,
            ["intro"] = page.Error is null ? Trusted(page.Locale.Texts.EnrollIntro) : null,
            ["noScript"] = Trusted(page.Locale.Texts.NoScript),
        };
        var result = Template.Render(variables, new LiquidRenderOptions { MarksData = true });
        return new PageSkeleton(
            Container().Match(html) is { Success: true, Groups: [_, var id] } ? id.Value : DefaultContainer, MarkedHtml.WritePage(result.Text!));

        // A variable that the template does not use is not passed to the widget.
        bool Uses(string path) => used.Contains(path) || used.Contains(path.Split('.')[0]);
    }

    private static TrustedText? Trusted(string? text) => text is null ? null : new TrustedText(text);

    [GeneratedRegex("""\bcontainer\s*:\s*["']([\w-]{1,64})["']""")]
    private static partial Regex Container();
}
