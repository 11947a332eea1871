using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.HostedPages;

/// <summary>What a page passes to the widget, read from its script: each option stands on a line, the strings are also JSON.</summary>
internal sealed partial class PageOptions
{
    private readonly Dictionary<string, string> texts;

    private PageOptions(Dictionary<string, string> texts) => this.texts = texts;

    /// <summary>An empty text where it is missing, as the widget takes it.</summary>
    public string this[string name] => texts.GetValueOrDefault(name, "");

    public static PageOptions Of(Answer page)
    {
        page.Text.ShouldContain("new Auth0MFAWidget(");
        return new PageOptions(Option().Matches(page.Text).ToDictionary(
            match => match.Groups[1].Value, match => (string)JsonNode.Parse(match.Groups[2].Value)!));
    }

    [GeneratedRegex("""(\w+): ("[^"\n]*")""")]
    private static partial Regex Option();
}
