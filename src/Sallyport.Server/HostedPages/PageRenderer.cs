using Sallyport.Protocols.Html;
using Sallyport.Protocols.Liquid;
using Sallyport.Server.Security;

namespace Sallyport.Server.HostedPages;

/// <summary>Renders a page from a template and data.</summary>
internal sealed class PageRenderer(WidgetAssets assets, TimeProvider clock)
{
    private const int NonceLength = 32;

    /// <returns>Either a page or the reason why there is none.</returns>
    public (RenderedPage? Page, LiquidError? Error) Render(LiquidTemplate template, PageData data)
    {
        var result = template.Render(PageVariables.Of(data), new LiquidRenderOptions { Now = clock.GetUtcNow(), MarksData = true });
        if (!result.Succeeded)
        {
            return (null, result.Error);
        }

        var nonce = Tokens.NewHex(NonceLength);
        var scripts = new PageScripts(nonce, data.Locale.Tag, assets.Preloads(data.Locale.Language.Name));
        return (new RenderedPage(MarkedHtml.WritePage(assets.Redirect(result.Text), scripts), nonce), null);
    }
}

/// <param name="Html">The whole page.</param>
/// <param name="Nonce">The nonce that the content security policy must name for the scripts of the page to run.</param>
internal sealed record RenderedPage(string Html, string Nonce);

/// <summary>
/// Gives the scripts of a template their nonce, and the widget the language of the reader, which a page that is the same for all readers
/// does not contain. The modules of the widget are asked for before its first script.
/// </summary>
/// <param name="nonce">Hexadecimal digits.</param>
/// <param name="language">A language tag: letters, digits and hyphens.</param>
/// <param name="preloads">Links to the modules of the widget, as markup.</param>
internal sealed class PageScripts(string nonce, string language, string preloads) : IScriptAdditions
{
    private bool isPreloaded;

    public string Attributes => $" nonce=\"{nonce}\"";

    public (string Before, string Attributes)? For(string address)
    {
        if (!WidgetAssets.IsWidget(address))
        {
            return null;
        }

        var before = isPreloaded ? "" : preloads;
        isPreloaded = true;
        return (before, $" data-language=\"{language}\"");
    }
}
