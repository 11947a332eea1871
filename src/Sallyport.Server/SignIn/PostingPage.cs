using System.Net;
using Sallyport.Server.HostedPages;
using Sallyport.Server.Languages;
using Sallyport.Server.Security;
using Sallyport.Server.Tenants;

namespace Sallyport.Server.SignIn;

/// <summary>A page with a form that posts itself at once. Without scripts the person presses its button.</summary>
internal static class PostingPage
{
    private const int NonceLength = 32;

    /// <param name="fields">Names and values. The names need no escaping.</param>
    public static ShownPage Render(TenantSettings tenant, Locale locale, string address, IEnumerable<KeyValuePair<string, string?>> fields)
    {
        var nonce = Tokens.NewHex(NonceLength);
        var title = Texts.Fill(locale.Texts.SignInPageTitle, "tenant", tenant.DisplayName);
        var inputs = string.Join(
            "\n  ",
            fields.Select(field => $"""<input type="hidden" name="{field.Key}" value="{WebUtility.HtmlEncode(field.Value)}">"""));
        var html = StaticPage.Document(title, locale, $"""
            <form class="sp-screen" method="post" action="{WebUtility.HtmlEncode(address)}">
              {inputs}
              <h1 class="sp-heading">{WebUtility.HtmlEncode(title)}</h1>
              <button class="sp-button sp-main" type="submit">{WebUtility.HtmlEncode(locale.Texts.Continue)}</button>
            </form>
            <script nonce="{nonce}">document.forms[0].submit();</script>
            """);
        return new ShownPage(new RenderedPage(html, nonce), IsOwn: false);
    }
}
