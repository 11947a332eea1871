using Sallyport.Protocols.Liquid;
using Sallyport.Server.Security;

namespace Sallyport.Server.HostedPages;

/// <summary>Makes a page of a template and data: prepares the data, renders, and finishes what came out.</summary>
internal sealed class PageRenderer(WidgetAssets assets, TimeProvider clock)
{
    private const int NonceLength = 32;

    /// <returns>Either a page or the reason why there is none.</returns>
    public (RenderedPage? Page, LiquidError? Error) Render(LiquidTemplate template, PageData data)
    {
        var result = template.Render(PageVariables.Of(data), new LiquidRenderOptions { Now = clock.GetUtcNow() });
        if (!result.Succeeded)
        {
            return (null, result.Error);
        }

        var nonce = Tokens.NewHex(NonceLength);
        var language = data.Locale.Language.Name;
        var markup = new PageMarkup(assets.Redirect(result.Text), nonce, new WidgetScript(data.Locale.Tag, assets.Preloads(language)));
        return (new RenderedPage(markup.Finish(), nonce), null);
    }
}

/// <param name="Nonce">What the content security policy has to name for the scripts of the page to run.</param>
internal sealed record RenderedPage(string Html, string Nonce);
