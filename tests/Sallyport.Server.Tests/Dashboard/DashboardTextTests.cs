using System.Text.RegularExpressions;
using Sallyport.Server.Tests.Architecture;

namespace Sallyport.Server.Tests.Dashboard;

/// <summary>The pages of the dashboard take their texts from <c>Dashboard/Texts</c>, and its colours are those of the widget.</summary>
public sealed partial class DashboardTextTests
{
    private const string Folder = "src/Sallyport.Server/Dashboard";

    [Theory]
    [InlineData("<p class=\"hint\">@Text</p>", "")]
    [InlineData("<p>Hello @Name</p>", "Hello")]
    [InlineData("<input aria-label=\"Name\">", "Name")]
    [InlineData("@if (a < b)\n{\n<p>@(x > y ? A : B)</p>\n}", "")]
    public void Literal_texts_are_found_in_markup(string markup, string expected) => LiteralsIn(markup).FirstOrDefault("").ShouldBe(expected);

    [Fact]
    public void No_page_has_a_text_of_its_own()
    {
        var files = Directory.GetFiles(Repository.PathOf(Folder), "*.razor", SearchOption.AllDirectories);

        files.Length.ShouldBeGreaterThan(10, "The test examined too little.");
        files.SelectMany(file => LiteralsIn(File.ReadAllText(file)).Select(text => $"{Path.GetFileName(file)}: {text}")).ShouldBeEmpty();
    }

    [Fact]
    public void The_dashboard_has_the_colours_of_the_widget()
    {
        var widget = ColoursIn("src/Sallyport.Server/wwwroot/js/mfa-widget/styles/base.css", "--sp-");
        var dashboard = ColoursIn("src/Sallyport.Server/wwwroot/dashboard/dashboard.css", "--");
        var shared = widget.Where(colour => dashboard.Any(own => own.Name == colour.Name)).ToList();

        shared.Count.ShouldBeGreaterThan(12);
        shared.Where(colour => !dashboard.Contains(colour)).ShouldBeEmpty();
    }

    /// <summary>Texts between tags, and values of attributes that people read.</summary>
    private static IEnumerable<string> LiteralsIn(string razor)
    {
        var markup = RazorComment().Replace(CodeBlock().Replace(razor, ""), "");
        var attributes = ReadAttribute().Matches(markup).Select(match => match.Groups[1].Value);
        var texts = Expression().Replace(Tag().Replace(Line().Replace(markup, ""), "\n"), "").Split('\n');
        return texts.Concat(attributes).Select(text => text.Trim()).Where(text => text.Any(char.IsAsciiLetter));
    }

    private static List<(string Name, string Value)> ColoursIn(string file, string prefix) =>
    [
        .. Regex.Matches(File.ReadAllText(Repository.PathOf(file)), $@"^ *{prefix}([a-z-]+): (#[0-9a-f]{{6}});", RegexOptions.Multiline)
            .Select(match => (match.Groups[1].Value, match.Groups[2].Value)),
    ];

    [GeneratedRegex(@"^@code\s*\{.*", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex(@"@\*.*?\*@", RegexOptions.Singleline)]
    private static partial Regex RazorComment();

    [GeneratedRegex("""<(?:[^<>"@]|"[^"]*"|@[\w.]+)+>""")]
    private static partial Regex Tag();

    /// <summary>An expression: a name with members and calls, or one in parentheses.</summary>
    [GeneratedRegex(@"@(?:\((?>[^()]+|\((?<n>)|\)(?<-n>))*\)|[\w.!?]+(?:\((?>[^()]+|\((?<m>)|\)(?<-m>))*\)|\[[^\]]*\])?)+")]
    private static partial Regex Expression();

    /// <summary>Directives, statements and blocks.</summary>
    [GeneratedRegex(@"^\s*(?:@(?:using|inject|inherits|page|layout)\b.*|@?(?:else if|if|foreach|for|switch|case|else)\b.*|@\{.*|[{}]|var .*;|@?\w+ = .*;)\s*$", RegexOptions.Multiline)]
    private static partial Regex Line();

    [GeneratedRegex("""\b(?:aria-label|placeholder|title|alt|Title|Description|Text|Label|Help|Confirm|Consequence)="([^"@]*)["]""")]
    private static partial Regex ReadAttribute();
}
