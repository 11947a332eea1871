using System.Collections.Frozen;
using System.Text.RegularExpressions;
using Microsoft.Extensions.FileProviders;

namespace Sallyport.Server.HostedPages;

/// <summary>
/// The files of the widget, and guardian.js where it was bundled, for our page and for pages of other origins. Every
/// published file name gives ours. Their tags tell of the content, so an upgrade is seen at once and on all nodes alike.
/// </summary>
internal sealed partial class WidgetAssets
{
    private const string Widget = "/js/mfa-widget/mfa-widget.js";
    private const string GuardianJs = "/js/guardian-js/guardian-js.min.js";
    private const string Modules = "/js/mfa-widget/modules/";
    private const string Languages = Modules + "languages/";
    private const string Preview = Modules + "preview.js";

    private const string LanguageList = Languages + "index.js";

    /// <summary>Publishing puts compressed copies beside the files, which nobody asks for by name.</summary>
    private static readonly FrozenSet<string> Served = FrozenSet.ToFrozenSet([".js", ".css"]);

    private readonly FrozenDictionary<string, Asset> files;

    public WidgetAssets(IWebHostEnvironment environment)
    {
        files = Find(environment.WebRootFileProvider, "").ToFrozenDictionary(
            file => file.Path, file => new Asset(file.Info), StringComparer.Ordinal);
    }

    public static bool IsWidget(string address) => WidgetReference().IsMatch(address);

    /// <summary>Whether something is served under this path.</summary>
    public bool Has(string path) => files.ContainsKey(Resolve(path));

    /// <summary>
    /// Links that let a browser ask for all modules of the widget at once rather than for each when another names it. Of
    /// the languages only the one that is spoken.
    /// </summary>
    public string Preloads(string language) => string.Concat(files.Keys
        .Where(path => path.StartsWith(Modules, StringComparison.Ordinal) && path != Preview)
        .Where(path => !path.StartsWith(Languages, StringComparison.Ordinal) || path == LanguageList || path == $"{Languages}{language}.js")
        .Order(StringComparer.Ordinal)
        .Select(path => $"<link rel=\"modulepreload\" href=\"{path}\">\n  "));

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
        // Asked for again each time, answered with 304 mostly: after an upgrade no page mixes old and new files.
        headers.CacheControl = "no-cache";
        headers.XContentTypeOptions = "nosniff";
        headers.AccessControlAllowOrigin = "*";
        headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        var (content, tag) = asset.Read();
        await TypedResults.Bytes(content, asset.ContentType, entityTag: tag).ExecuteAsync(context);
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
}
