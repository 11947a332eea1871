using System.Text.RegularExpressions;
using CsCheck;
using Sallyport.Protocols.Html;
using Sallyport.Protocols.Liquid;

namespace Sallyport.Protocols.Tests.Html;

/// <summary>How marks are written at each place of a page or a mail. <c>tests/browser</c> shows that Chromium reads them so.</summary>
public sealed partial class MarkedHtmlTests
{
    private const string Name = "O'Brien & Söhne <x>";
    private const string InMarkup = "O&#39;Brien &amp; Söhne &lt;x&gt;";
    private const string InBareAttribute = "O&#39;Brien&#32;&amp;&#32;Söhne&#32;&lt;x&gt;";
    private const string InScript = @"O\u0027Brien \u0026 Söhne \u003Cx\u003E";
    private const string AnywhereElse = @"O\u0027Brien\u0020\u0026\u0020Söhne\u0020\u003Cx\u003E";

    [Theory]
    [InlineData("<p>{{ name }}</p>", InMarkup)]
    [InlineData("<title>{{ name }}</title>", InMarkup)]
    [InlineData("<textarea>{{ name }}</textarea>", InMarkup)]
    [InlineData("<p title=\"{{ name }}\">", InMarkup)]
    [InlineData("<p title='{{ name }}'>", InMarkup)]
    [InlineData("<p title = '{{ name }}'>", InMarkup)]
    [InlineData("<p title={{ name }}>", InBareAttribute)]
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
    public void A_value_is_written_as_its_place_is_parsed(string template, string expected) =>
        Render(template, Name).ShouldContain(expected);

    /// <summary>A browser may read these places differently from the tokenizer.</summary>
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
    public void In_doubt_a_value_is_written_as_JavaScript_escapes(string template)
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
    public void A_self_closing_element_has_no_content(string tag)
    {
        var page = Page(tag + "<style><script></style><script></script>");

        page.ShouldContain("<style><script></style><script nonce");
    }

    [Theory]
    [InlineData("<svg a=b/>")]
    [InlineData("<svg a=/>")]
    [InlineData("<svg / >")]
    public void An_element_that_does_not_close_itself_contains_what_follows(string tag) =>
        Page(tag + "<style><script></style>").ShouldContain("<style><script nonce");

    /// <summary>Searching the rest of the page at each comment would take quadratic time.</summary>
    [Fact]
    public void A_megabyte_of_comments_is_read_in_linear_time()
    {
        var page = string.Concat(Enumerable.Repeat("<!---->", 150_000));
        var before = Environment.CpuUsage.TotalTime;

        var finished = Page(page);

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
    public void Bidirectional_controls_control_characters_and_forged_marks_are_removed()
    {
        Render("<p>{{ name }}</p>", "a\u202Eb\u2066c\0d\u0007e\uFDD0f\uFDEFg\ud800h\u200Fi").ShouldBe("<p>abcdefg\uFFFDh\u200Fi</p>");
        Render("<script>'{{ name }}'</script>", "a\nb\r\u2028c*/").ShouldContain(@"'a\u000Ab\u000D\u2028c\u002A/'");
    }

    [Fact]
    public void Scripts_get_their_additions_except_in_foreign_content()
    {
        Page("<p><script src=w></script>").ShouldBe("<p><link><script data-w nonce=\"N\" src=w></script>");
        Page("<p><script src='x'></script>").ShouldBe("<p><script nonce=\"N\" src='x'></script>");
        Page("<svg><script src=w></script></svg>").ShouldBe("<svg><script nonce=\"N\" src=w></script></svg>");
    }

    [Fact]
    public void A_page_without_marks_is_copied_except_for_nonces() =>
        Gen.OneOf("<", ">", "</", "<!--", "-->", "'", "\"", "=", " ", "/", "a", "title", "script", "<script", "</script>", "<svg>", "</svg>", "onx",
                "<b ", "\n", "&", "<textarea>", "<plaintext", "é", "<!")
            .List[1, 40]
            .Select(string.Concat)
            .Sample(page => Page(page).Replace(" nonce=\"N\"", "", StringComparison.Ordinal) == page && MarkedHtml.WriteMail(page) == page, iter: 5_000);

    [Theory]
    [InlineData("<p>{{ name }}</p>", InMarkup)]
    [InlineData("<p title=\"{{ name }}\">", InMarkup)]
    [InlineData("<p title={{ name }}>", InBareAttribute)]
    [InlineData("<p style='{{ name }}'>", InBareAttribute)]
    [InlineData("<style>{{ name }}</style>", InBareAttribute)]
    [InlineData("<!--[if mso]><a href='{{ name }}'><![endif]-->", InBareAttribute)]
    [InlineData("<svg></svg><p>{{ name }}</p>", InBareAttribute)]
    [InlineData("<script type='application/ld+json'>\"{{ name }}\"</script>", InScript)]
    public void In_a_mail_a_value_is_written_as_character_references_except_in_scripts(string template, string expected) =>
        MarkedHtml.WriteMail(Marked(template, Name)).ShouldContain(expected);

    [Fact]
    public void A_link_in_a_mail_works_with_and_without_quotes_and_in_comments()
    {
        const string Link = "https://example.com/?a=1&b=2";

        MarkedHtml.WriteMail(Marked("<a href=\"{{ name }}\">", Link)).ShouldBe("<a href=\"https://example.com/?a=1&amp;b=2\">");
        MarkedHtml.WriteMail(Marked("<a href={{ name }}>", Link)).ShouldBe("<a href=https://example.com/?a&#61;1&amp;b&#61;2>");
        MarkedHtml.WriteMail(Marked("<!--[if mso]>{{ name }}<![endif]-->", Link)).ShouldBe("<!--[if mso]>https://example.com/?a&#61;1&amp;b&#61;2<![endif]-->");
    }

    private static string Render(string template, string name)
    {
        var page = Page(Marked(template, name));
        MarkedText.IndexOfMark(page).ShouldBe(-1);
        return page;
    }

    private static string Page(string html) => MarkedHtml.WritePage(html, new Additions());

    private static string Marked(string template, string name)
    {
        LiquidTemplate.TryParse(template, LiquidLimits.Default, out var parsed, out _).ShouldBeTrue();
        return parsed!.Render(new Dictionary<string, object?> { ["name"] = name }, new LiquidRenderOptions { MarksData = true }).Text.ShouldNotBeNull();
    }

    private sealed class Additions : IScriptAdditions
    {
        public string Attributes => " nonce=\"N\"";

        public (string Before, string Attributes)? For(string address) => address == "w" ? ("<link>", " data-w") : null;
    }

    [GeneratedRegex("nonce=")]
    private static partial Regex Nonces();
}
