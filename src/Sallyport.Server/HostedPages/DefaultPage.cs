using System.Net;
using System.Text.Json;

namespace Sallyport.Server.HostedPages;

/// <summary>The page that is shown where the tenant has none of its own.</summary>
internal static class DefaultPage
{
    private static readonly string Template = Load();

    public static string Render(PageData data) =>
        Template
            .Replace("{{ lang }}", "en", StringComparison.Ordinal)
            .Replace("{{ title }}", WebUtility.HtmlEncode($"Set up your second step – {data.UserData.TenantFriendlyName}"), StringComparison.Ordinal)
            // The default encoder writes <, > and & as escapes: no text can end the script element.
            .Replace("{{ data }}", JsonSerializer.Serialize(data, PageJson.Default.PageData), StringComparison.Ordinal);

    private static string Load()
    {
        using var reader = new StreamReader(typeof(DefaultPage).Assembly.GetManifestResourceStream("pages/DefaultPage.html")!);
        return reader.ReadToEnd();
    }
}
