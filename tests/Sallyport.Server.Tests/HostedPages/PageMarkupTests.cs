using System.Text.RegularExpressions;
using Sallyport.Protocols.Liquid;
using Sallyport.Server.HostedPages;

namespace Sallyport.Server.Tests.HostedPages;

/// <summary>How values are written down at each place of a page. That browsers read them so is shown in <c>tests/browser</c>.</summary>
public sealed partial class PageMarkupTests
{
    private static readonly WidgetScript Widget = new("en", "");

    private const string Name = "O'Brien & Söhne <x>";
    private const string InMarkup = "O&#39;Brien &#38; Söhne &#60;x&#62;";
    private const string InScript = @"O\u0027Brien \u0026 Söhne \u003Cx\u003E";
    private const string AnywhereElse = @"O\u0027Brien\u0020\u0026\u0020Söhne\u0020\u003Cx\u003E";

    [Theory]
    [InlineData("<p>{{ name }}</p>", InMarkup)]
    [InlineData("<title>{{ name }}</title>", InMarkup)]
    [InlineData("<textarea>{{ name }}</textarea>", InMarkup)]
    [InlineData("<p title=\"{{ name }}\">", InMarkup)]
    [InlineData("<p title='{{ name }}'>", InMarkup)]
    [InlineData("<p title = '{{ name }}'>", InMarkup)]
    [InlineData("<p title={{ name }}>", "O&#39;Brien&#32;&#38;&#32;Söhne&#32;&#60;x&#62;")]
    [InlineData("<script>f('{{ name }}')</script>", InScript)]
    [InlineData("<SCRIPT type=module>f(`{{ name }}`)</SCRIPT >", InScript)]
    [InlineData("<script>f({{ name | json }})</script>", InScript)]
    [InlineData("<p>{{ name | escape }}</p>", InMarkup)]
    [InlineData("<p onclick=\"f('{{ name }}')\">", AnywhereElse)]
    [InlineData("<p ONCLICK=f('{{ name }}')>", AnywhereElse)]
    [InlineData("<p a/onclick=f('{{ name }}')>", AnywhereElse)]
    [InlineData("<a href=\" java\tscript:f('{{ name }}')\">", AnywhereElse)]
    [InlineData("<iframe srcdoc=\"<p onclick='{{ name }}'>\">", AnywhereElse)]
    [InlineData("<p style=\"content: '{{ name }}'\">", AnywhereElse)]
    [InlineData("<p {{ name }}>", AnywhereElse)]
    [InlineData("<{{ name }}>", AnywhereElse)]
    public void A_value_is_written_as_it_is_read_where_it_stands(string template, string expected) =>
        Render(template, Name).ShouldContain(expected);

    /// <summary>Where a simple reading of the page and a browser's may differ, the form is taken that ends nothing anywhere.</summary>
    [Theory]
    [InlineData("<style>p { content: '{{ name }}' }</style>")]
    [InlineData("<!-- {{ name }} -->")]
    [InlineData("<!x {{ name }}>")]
    [InlineData("<noscript>{{ name }}</noscript>")]
    [InlineData("<svg><title><b onclick=\"f('{{ name }}')\"></b></title></svg>")]
    [InlineData("<svg><style><b title='{{ name }}'></style></svg>")]
    [InlineData("<svg><script>f('{{ name }}')</script></svg>")]
    [InlineData("<math><mi>{{ name }}</mi></math>")]
    [InlineData("<title><b onclick=\"f('{{ name }}')\"></title>")]
    [InlineData("<script><!-- <script></script> <b title='</script><b onclick=\"f(&quot;{{ name }}&quot;)\">")]
    [InlineData("<plaintext>{{ name }}")]
    [InlineData("<svg a=b/><script>var x=\"{{ name }}\"</script>")]
    [InlineData("<svg><foreignObject></svg></foreignObject><script>var x=\"{{ name }}\"</script>")]
    [InlineData("<svg></svg><p>{{ name }}</p>")]
    public void In_doubt_a_value_is_written_in_the_form_that_is_inert_everywhere(string template)
    {
        var page = Render(template, Name);

        page.ShouldContain(AnywhereElse);
    }

    [Fact]
    public void Comments_end_where_a_browser_ends_them()
    {
        foreach (var comment in new[] { "<!-->", "<!--->", "<!-- -->", "<!-- --!>", "<!-- -- --->", "<!-- --!->-->", "<!----!>", "<!doctype html>", "<?x>", "</>" })
        {
            Render(comment + "<b title='{{ name }}'>", Name).ShouldContain(InMarkup, customMessage: comment);
        }
    }

    [Theory]
    [InlineData("<svg/>")]
    [InlineData("<svg a/>")]
    [InlineData("<svg a='b'/>")]
    public void What_closes_itself_holds_nothing(string tag)
    {
        var page = new PageMarkup(tag + "<style><script></style><script src=/js/mfa-widget/x></script>", "N", Widget).Finish();

        page.ShouldContain("<style><script></style><script nonce");
    }

    [Theory]
    [InlineData("<svg a=b/>")]
    [InlineData("<svg a=/>")]
    [InlineData("<svg / >")]
    public void What_does_not_close_itself_holds_what_follows(string tag) =>
        new PageMarkup(tag + "<style><script></style>", "N", Widget).Finish().ShouldContain("<style><script nonce");

    /// <summary>Whoever searches the rest of the page at each comment works with the square of their number.</summary>
    [Fact]
    public void A_megabyte_of_comments_is_read_once()
    {
        var page = string.Concat(Enumerable.Repeat("<!---->", 150_000));
        var before = Environment.CpuUsage.TotalTime;

        var finished = new PageMarkup(page, "N", Widget).Finish();

        finished.ShouldBe(page);
        (Environment.CpuUsage.TotalTime - before).ShouldBeLessThan(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void Only_the_scripts_of_the_template_carry_the_nonce()
    {
        var page = Render("<script>1</script><SCRIPT src=a></SCRIPT><p title='<script>'>{{ name }}</p><!-- <script> -->", "<script>2</script>");

        Nonces().Count(page).ShouldBe(2);
        page.ShouldStartWith("<script nonce=\"N\">1</script><SCRIPT nonce=\"N\" src=a>");
    }

    [Fact]
    public void Directions_controls_and_forged_marks_are_left_out()
    {
        Render("<p>{{ name }}</p>", "a\u202Eb\u2066c\0d\u0007e\uFDD0f\uFDEFg\ud800h\u200Fi").ShouldBe("<p>abcdefg\uFFFDh\u200Fi</p>");
        Render("<script>'{{ name }}'</script>", "a\nb\r\u2028c*/").ShouldContain(@"'a\u000Ab\u000D\u2028c\u002A/'");
    }

    /// <summary>Without a mark the page comes out as it went in, but for nonces.</summary>
    [Fact]
    public void A_page_of_any_form_is_copied_whole()
    {
#pragma warning disable RS0030 // Nothing secret: a seed gives the same pages on every machine.
        var random = new Random(20260101);
        string[] pieces = ["<", ">", "</", "<!--", "-->", "'", "\"", "=", " ", "/", "a", "title", "script", "<script", "</script>", "<svg>", "</svg>", "onx", "<b ", "\n", "&", "<textarea>", "<plaintext", "é", "<!"];
        for (var round = 0; round < 5_000; round++)
        {
            var page = string.Concat(Enumerable.Range(0, random.Next(1, 40)).Select(_ => pieces[random.Next(pieces.Length)]));

            new PageMarkup(page, "N", Widget).Finish().Replace(" nonce=\"N\"", "", StringComparison.Ordinal).ShouldBe(page);
        }
#pragma warning restore RS0030
    }

    private static string Render(string template, string name)
    {
        LiquidTemplate.TryParse(template, LiquidLimits.Default, out var parsed, out _).ShouldBeTrue();
        var text = parsed!.Render(new Dictionary<string, object?> { ["name"] = PageText.Mark(name) }).Text.ShouldNotBeNull();
        var page = new PageMarkup(text, "N", Widget).Finish();
        PageText.IndexOfMark(page).ShouldBe(-1);
        return page;
    }

    [GeneratedRegex("nonce=")]
    private static partial Regex Nonces();
}
