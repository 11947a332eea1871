using System.Text.RegularExpressions;

namespace Sallyport.Server.HostedPages;

/// <summary>Points what a page names at the vendor's CDN to the files of this server, so that it works without internet.</summary>
internal sealed partial class VendorScripts(WidgetAssets assets)
{
    /// <summary>Everywhere in the page: some pages load a script by a script.</summary>
    public string Redirect(string html) =>
        Reference().Replace(html, match => assets.Has(match.Groups["path"].Value) ? match.Groups["path"].Value : match.Value);

    [GeneratedRegex(@"(?:https?:)?//cdn\.auth0\.com(?<path>/js/(?:mfa-widget|guardian-js)/[\w./-]{1,64}?\.js)(?![\w.-])", RegexOptions.IgnoreCase)]
    private static partial Regex Reference();
}
