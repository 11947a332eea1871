using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.HostedPages;

/// <summary>The options that a page passes to the widget, read from its script. Each is on its own line and has a JSON string as its value.</summary>
internal sealed partial class PageOptions
{
    private readonly Dictionary<string, string> texts;

    private PageOptions(Dictionary<string, string> texts) => this.texts = texts;

    /// <summary>Empty if the option is missing, as the widget treats it.</summary>
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
