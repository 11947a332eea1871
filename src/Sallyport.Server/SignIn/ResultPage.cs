using System.Net;
using Sallyport.Server.Audit;
using Sallyport.Server.HostedPages;
using Sallyport.Server.Languages;
using Sallyport.Server.Security;
using Sallyport.Server.Storage;
using Sallyport.Server.Tenants;
using Sallyport.Server.Transactions;

namespace Sallyport.Server.SignIn;

/// <summary>
/// Posts the result of a sign-in that needs no second factor, without asking anything. The result is in this page and nowhere else:
/// whoever else holds the request token, but is in another browser, cannot read it.
/// </summary>
internal sealed class ResultPage(Database database, OutcomeTokens outcomes)
{
    private const int NonceLength = 32;

    /// <returns>The page, and the address to which its form leads.</returns>
    public async ValueTask<(ShownPage Page, string FinalUrl)> RunAsync(
        Transaction transaction, ReaderLanguages reader, CallContext call, CancellationToken cancellationToken)
    {
        var tenant = await database.ReadAsync(session => TenantStore.GetSettingsAsync(session, call.Tenant, cancellationToken), cancellationToken);
        var locale = reader.ChooseFrom(tenant);
        var (data, nonce) = (SignInData.Parse(transaction.OriginData!), Tokens.NewHex(NonceLength));
        var title = Texts.Fill(locale.Texts.SignInPageTitle, "tenant", tenant.DisplayName);
        var html = StaticPage.Document(title, locale, $"""
            <form class="sp-screen" method="post" action="{WebUtility.HtmlEncode(data.PostActionUrl)}">
              <input type="hidden" name="signature" value="{outcomes.Issue(transaction)}">
              <input type="hidden" name="accepted" value="true">
              <h1 class="sp-heading">{WebUtility.HtmlEncode(title)}</h1>
              <button class="sp-button sp-main" type="submit">{WebUtility.HtmlEncode(locale.Texts.Continue)}</button>
            </form>
            <script nonce="{nonce}">document.forms[0].submit();</script>
            """);
        return (new ShownPage(new RenderedPage(html, nonce), IsOwn: false), data.FinalUrl);
    }
}
