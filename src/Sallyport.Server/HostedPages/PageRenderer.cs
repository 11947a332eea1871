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

        var html = assets.Redirect(result.Text);
        var additions = new PageAdditions(Tokens.NewHex(NonceLength), data.Locale.Tag)
        {
            Links = assets.Preloads(data.Locale.Language.Name),
            Styles = assets.StylesUnlessIn(html),
            Skeleton = PageSkeleton.Of(data, template.Variables, html),
        };
        return (new RenderedPage(MarkedHtml.WritePage(html, additions), additions.Nonce), null);
    }
}

/// <param name="Html">The whole page.</param>
/// <param name="Nonce">The nonce that the content security policy must name for the scripts of the page to run.</param>
internal sealed record RenderedPage(string Html, string Nonce);

/// <summary>
/// Adds to a rendered template what differs between requests: the nonce of its scripts, the language of the reader, and the first words in the
/// container of the widget. Links to the files of the widget come as early as possible.
/// </summary>
/// <param name="nonce">Hexadecimal digits.</param>
/// <param name="language">A language tag: letters, digits and hyphens.</param>
internal sealed class PageAdditions(string nonce, string language) : IPageAdditions
{
    /// <summary>Elements that may contain the card.</summary>
    private static readonly string[] Containers = ["div", "main", "section", "article", "td"];

    private bool isLinked;
    private bool isFilled;

    public string Nonce => nonce;

    public string ScriptAttributes => $" nonce=\"{nonce}\"";

    /// <summary>Links to the modules of the widget, as markup.</summary>
    public required string Links { get; init; }

    /// <summary>A link to the styles of the skeleton, as markup.</summary>
    public required string Styles { get; init; }

    public PageSkeleton? Skeleton { get; init; }

    public (string Before, string Attributes)? ForScript(string address) =>
        WidgetAssets.IsWidget(address) ? (LinkOnce(), $" data-language=\"{language}\"") : null;

    public (string Before, string Content)? ForEmptyElement(string name, string id)
    {
        if (isFilled || Skeleton is null || id != Skeleton.ContainerId || !Containers.Contains(name, StringComparer.OrdinalIgnoreCase))
        {
            return null;
        }

        isFilled = true;
        return (Styles + LinkOnce(), Skeleton.Html);
    }

    private string LinkOnce()
    {
        var links = isLinked ? "" : Links;
        isLinked = true;
        return links;
    }
}
