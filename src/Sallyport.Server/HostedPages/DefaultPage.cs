using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Sallyport.Server.Languages;

namespace Sallyport.Server.HostedPages;

/// <summary>The page that is shown where the tenant has none of its own.</summary>
internal static partial class DefaultPage
{
    private static readonly string Template = Load();

    /// <summary>In one pass: what is put in is not looked at again.</summary>
    public static string Render(PageData data) =>
        Placeholder().Replace(Template, match => match.Groups[1].Value switch
        {
            "lang" => data.Locale.Tag,
            "dir" => data.Locale.Direction,
            "title" => WebUtility.HtmlEncode(Title(data)),
            "noScript" => WebUtility.HtmlEncode(data.Locale.Texts.NoScript),
            // The default encoder writes <, > and & as escapes: no text can end the script element.
            "data" => JsonSerializer.Serialize(data, PageJson.Default.PageData),
            var name => throw new InvalidOperationException($"The default page has an unknown placeholder {name}."),
        });

    private static string Title(PageData data) =>
        Texts.Fill(data.Locale.Texts.PageTitle, "tenant", Bidi.Isolate(data.UserData.TenantFriendlyName, data.Locale));

    [GeneratedRegex(@"\{\{ (\w+) \}\}")]
    private static partial Regex Placeholder();

    private static string Load()
    {
        using var reader = new StreamReader(typeof(DefaultPage).Assembly.GetManifestResourceStream("pages/DefaultPage.html")!);
        return reader.ReadToEnd();
    }
}
