using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.FileProviders;

namespace Sallyport.Server.HostedPages;

/// <summary>
/// Serves the scripts and styles of the hosted page, to our page and to pages of other origins. Every published file name of the widget
/// and of guardian.js gives the one version that is here.
/// </summary>
internal sealed partial class WidgetAssets
{
    private const string Widget = "/js/mfa-widget/mfa-widget.js";
    private const string WidgetStyles = "/js/mfa-widget/mfa-widget.css";
    private const string GuardianJs = "/js/guardian-js/guardian-js.min.js";
    private const string Modules = "/js/mfa-widget/modules/";
    private const string Languages = Modules + "languages/";
    private const string LanguageList = Languages + "index.js";
    private const string Preview = Modules + "preview.js";

    private static readonly FrozenSet<string> Served = FrozenSet.ToFrozenSet([".js", ".css"]);

    private readonly FrozenDictionary<string, Asset> files;
    private readonly Lazy<string?> version;

    public WidgetAssets(IWebHostEnvironment environment)
    {
        files = Find(environment.WebRootFileProvider, "").ToFrozenDictionary(
            file => file.Path, file => new Asset(file.Info), StringComparer.Ordinal);
        // Modules import each other without a version, and change during development.
        version = new Lazy<string?>(() => files.ContainsKey(Modules + "widget.js") ? null : HashAll());
    }

    public static bool IsWidget(string address) => WidgetReference().IsMatch(address);

    /// <summary>
    /// Links that let a browser request at once what the widget loads one after the other: the texts of one language, and the modules if
    /// they are not bundled.
    /// </summary>
    public string Preloads(string language)
    {
        var texts = $"{Languages}{language}.js";
        var links = files.Keys
            .Where(path => path.StartsWith(Modules, StringComparison.Ordinal) && path != Preview)
            .Where(path => !path.StartsWith(Languages, StringComparison.Ordinal) || path == LanguageList || path == texts)
            .Order(StringComparer.Ordinal)
            .Select(path => $"<link rel=\"modulepreload\" href=\"{AddressOf(path)}\">\n  ");
        return string.Concat(links);
    }

    /// <summary>A link to the styles of the widget, for a page that has none.</summary>
    public string StylesUnlessIn(string html) =>
        html.Contains(WidgetStyles, StringComparison.Ordinal) ? "" : $"<link rel=\"stylesheet\" href=\"{AddressOf(WidgetStyles)}\">\n  ";

    /// <summary>
    /// Points the references of a page to the files of this server, with the version of the files: also those to the vendor's CDN, so that
    /// the page works without internet. Replaces them everywhere in the page, because some pages load a script by a script.
    /// </summary>
    public string Redirect(string html) => Reference().Replace(html, match =>
    {
        var path = match.Groups["path"].Value;
        if (!files.ContainsKey(Resolve(path)))
        {
            return match.Value;
        }

        var end = match.Index + match.Length;
        return end < html.Length && html[end] == '?' ? path : AddressOf(path);
    });

    /// <summary>Makes the references of a page to files of this server work wherever the page is.</summary>
    public static string MakeAbsolute(string html, string publicUrl) => LocalReference().Replace(html, publicUrl + "$0");

    public async Task ServeAsync(HttpContext context, RequestDelegate next)
    {
        var method = context.Request.Method;
        if ((!HttpMethods.IsGet(method) && !HttpMethods.IsHead(method))
            || !files.TryGetValue(Resolve(context.Request.Path.Value ?? ""), out var asset))
        {
            await next(context);
            return;
        }

        var headers = context.Response.Headers;
        // A browser revalidates addresses without the current version, so no page mixes old and new files after an upgrade.
        headers.CacheControl = IsCurrent(context.Request.Query["v"]) ? "public, max-age=31536000, immutable" : "no-cache";
        headers.XContentTypeOptions = "nosniff";
        headers.AccessControlAllowOrigin = "*";
        headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        headers.Vary = "Accept-Encoding";
        var (content, encoding, tag) = asset.Read(context.Request.GetTypedHeaders().AcceptEncoding);
        headers.ContentEncoding = encoding;
        await TypedResults.Bytes(content, asset.ContentType, entityTag: tag).ExecuteAsync(context);
    }

    private string AddressOf(string path) => version.Value is { } known ? $"{path}?v={known}" : path;

    private bool IsCurrent(string? asked) => asked is not null && asked == version.Value;

    private string HashAll()
    {
        var tags = files.OrderBy(file => file.Key, StringComparer.Ordinal).Select(file => file.Key + file.Value.Read([]).Tag);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(tags)))[..8]);
    }

    private static string Resolve(string path) =>
        WidgetName().IsMatch(path) ? Widget : GuardianJsName().IsMatch(path) ? GuardianJs : path;

    private static IEnumerable<(string Path, IFileInfo Info)> Find(IFileProvider provider, string folder) =>
        provider.GetDirectoryContents(folder).SelectMany(entry =>
            entry.IsDirectory ? Find(provider, $"{folder}/{entry.Name}")
            : Served.Contains(Path.GetExtension(entry.Name)) ? [($"{folder}/{entry.Name}", entry)]
            : []);

    [GeneratedRegex(@"^/js/mfa-widget/mfa-widget-[0-9.]{1,20}?(\.min)?\.js\z")]
    private static partial Regex WidgetName();

    [GeneratedRegex(@"^/js/mfa-widget/mfa-widget(-[0-9.]{1,20}?)?(\.min)?\.js(\?|#|\z)")]
    private static partial Regex WidgetReference();

    [GeneratedRegex(@"^/js/guardian-js/([0-9][\w.-]{0,20}/)?guardian-js(\.min)?\.js\z")]
    private static partial Regex GuardianJsName();

    [GeneratedRegex(
        @"((https?:)?//cdn\.auth0\.com|(?<=[""'=(\s]))(?<path>/js/(mfa-widget|guardian-js)/[\w./-]{1,64}?\.(js|css)|/mfa-page\.css)(?![\w.-])",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex Reference();

    [GeneratedRegex(@"(?<=[""'=])(/js/(mfa-widget|guardian-js)/|/mfa-page\.css)", RegexOptions.ExplicitCapture)]
    private static partial Regex LocalReference();
}
