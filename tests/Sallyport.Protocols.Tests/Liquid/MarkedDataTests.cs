using System.Buffers;
using System.Net;
using CsCheck;
using Sallyport.Protocols.Html;
using Sallyport.Protocols.Liquid;

namespace Sallyport.Protocols.Tests.Liquid;

/// <summary>Rendering with <see cref="LiquidRenderOptions.MarksData"/>: filters see values, and no value becomes markup.</summary>
public sealed class MarkedDataTests
{
    private const string MarkedCharacters = "\"'<>&=`\\{* \t\n\r\f\u2028\u2029";

    private static readonly SearchValues<char> MarkedSet = SearchValues.Create(MarkedCharacters);

    private static readonly DateTimeOffset Now = new(2026, 11, 29, 12, 30, 0, TimeSpan.Zero);

    /// <summary>Arguments from data and from the template, of every kind that a filter takes.</summary>
    private static readonly string[] Arguments =
    [
        "", ": a", ": b", ": b, c", ": 3", ": 3, b", ": 'a', b", ": ' '", ": '<', b", ": list", ": 'name', b", ": 'name'", ": '%n%t%e%c%+'", ": 0, 40",
    ];

    private static readonly string[] Hostile =
    [
        "<script>alert(1)</script>", "%3Cscript%3Ealert(1)%3C%2Fscript%3E", "PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==", "PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg",
        "&lt;script&gt;alert(1)&lt;/script&gt;", "&#60;b&#62;", "x onfocus=alert(1) autofocus", "'\"`><img src=x onerror=alert(1)>", "%n%t%e onclick=1",
        "O'Neil & Co", "a\\", "a\nb\r\nc\u2028d", "{{ 7 | times: 7 }}", "*/ -->", " 12 ", "2026-01-02 03:04", "\ud83d\ude00 <b>", "",
    ];

    private static readonly Gen<string> Text = Gen.OneOf(
        Gen.OneOf(Hostile),
        Gen.OneOf([.. Hostile, .. MarkedCharacters.Select(c => c.ToString()), "%3C", "%26", "%22", "Jg==", "&amp;", "a", "b", "É", "\ud83d\ude00", "-", "1", ","])
            .List[0, 6].Select(string.Concat));

    public static TheoryData<string> Filters => [.. LiquidTemplate.FilterNames];

    [Theory]
    [MemberData(nameof(Filters))]
    public void A_filter_sees_values_and_does_not_turn_them_into_markup(string filter)
    {
        var templates = Arguments.Select(arguments => $"{{{{ a | {filter}{arguments} }}}}")
            .Concat(Arguments.Select(arguments => $"{{{{ list | {filter}{arguments} }}}}"))
            .Concat(Arguments.Select(arguments => $"{{{{ 'now' | {filter}{arguments} }}}}"))
            .Concat([$"{{{{ map | {filter} }}}}", $"{{{{ a | append: b | {filter} | append: c }}}}", $"{{{{ a | {filter} | {filter} }}}}"])
            .Where(source => LiquidTemplate.TryParse(source, LiquidLimits.Default, out _, out _))
            .Select(source => Render.Parse(source))
            .ToList();
        templates.ShouldNotBeEmpty();

        Gen.Select(Text, Text, Text).Sample(
            (a, b, c) =>
            {
                foreach (var template in templates)
                {
                    Check(template, filter, Data(a, b, c));
                }
            },
            iter: 60,
            threads: 1);
    }

    [Theory]
    [MemberData(nameof(Filters))]
    public void The_result_of_a_filter_is_text_at_every_place_of_a_page_and_a_mail(string filter)
    {
        foreach (var print in Arguments.Select(arguments => $"{{{{ a | {filter}{arguments} }}}}"))
        {
            var source = $"<p id={print} title=\"{print}\" lang='{print}'>{print}</p><script>f(\"{print}\")</script>";
            // A blank or "<" of the template would be its own markup.
            if (!LiquidTemplate.TryParse(source, LiquidLimits.Default, out var template, out _) || print.Contains("' '") || print.Contains('<'))
            {
                continue;
            }

            foreach (var text in Hostile)
            {
                if (template.Render(Data(text, text, text), Options).Text is { } marked)
                {
                    ShouldHaveTheMarkupOfTheTemplate(filter, MarkedHtml.WritePage(marked));
                    ShouldHaveTheMarkupOfTheTemplate(filter, MarkedHtml.WriteMail(marked));
                }
            }
        }
    }

    [Fact]
    public void The_test_above_detects_markup() =>
        Should.Throw<ShouldAssertException>(() => Check(Render.Parse("{{ a }}<b>"), "upcase", Data("a", "b", "c")));

    [Theory]
    [InlineData("{{ name }}", "O&#39;Neil &amp; Co")]
    [InlineData("{{ name | escape }}", "O&#39;Neil &amp; Co")]
    [InlineData("{{ name | h | escape_once }}", "O&#39;Neil &amp; Co")]
    [InlineData("{{ name | truncate: 10, '' }}", "O&#39;Neil &amp; C")]
    [InlineData("{{ name | size }}", "11")]
    [InlineData("{{ name | replace: '&', 'and' }}", "O&#39;Neil and Co")]
    [InlineData("{{ name | split: ' ' | join: '<br>' }}", "O&#39;Neil<br>&amp;<br>Co")]
    [InlineData("{{ name | url_encode }}", "O%27Neil+%26+Co")]
    [InlineData("{{ name | url_encode | url_decode }}", "O&#39;Neil &amp; Co")]
    [InlineData("{{ name | base64_encode | base64_decode }}", "O&#39;Neil &amp; Co")]
    [InlineData("{{ coded | url_decode }}", "&lt;script&gt;")]
    [InlineData("{{ escaped | escape_once }}", "&lt;b&gt;")]
    [InlineData("{{ lines | newline_to_br }}", "a &lt;<br />\nb")]
    [InlineData("{{ name | prepend: '<b>' }}", "<b>O&#39;Neil &amp; Co")]
    [InlineData("<p title={{ name | prepend: '<' }}>", "<p title=<O&#39;Neil&#32;&amp;&#32;Co>")]
    [InlineData("<p title={{ words | join }}>", "<p title=a&#32;onclick&#61;1>")]
    [InlineData("{% if team == \"R&D\" %}yes{% endif %}", "yes")]
    [InlineData("{% if team != 'R&D' %}{% else %}yes{% endif %}", "yes")]
    [InlineData("{% if name contains 'il & C' %}yes{% endif %}", "yes")]
    [InlineData("{% case team %}{% when 'R&D' %}yes{% endcase %}", "yes")]
    [InlineData("{% if team < \"R'\" %}yes{% endif %}", "yes")]
    [InlineData("{% if blank_text == blank %}yes{% endif %}", "yes")]
    [InlineData("{{ map['R&D'] }}", "&lt;i&gt;")]
    [InlineData("{{ map[team] }}", "&lt;i&gt;")]
    [InlineData("{{ map['R&D'].size }}", "3")]
    [InlineData("{% if map contains team %}yes{% endif %}", "yes")]
    [InlineData("{% for pair in map %}{{ pair[0] }}={{ pair[1] }}{% endfor %}", "R&amp;D=&lt;i&gt;")]
    [InlineData("{{ map }}", "&#123;&quot;R&amp;D&quot;=&gt;&quot;&lt;i&gt;&quot;}")]
    [InlineData("<p title={{ map }}>", "<p title=&#123;&quot;R&amp;D&quot;&#61;&gt;&quot;&lt;i&gt;&quot;}>")]
    [InlineData("{{ list | where: 'team', 'R&D' | map: 'team' | first }}", "R&amp;D")]
    [InlineData("{{ list | map: 'team' | uniq | size }}", "1")]
    [InlineData("{{ number | plus: 1 }}", "43")]
    [InlineData("{{ day | date: '%d. %B' }}", "02. January")]
    [InlineData("{{ own }}", "<b>ours</b>")]
    [InlineData("{% assign [team] = 1 %}", null)]
    [InlineData("{{ [team] }}", "found")]
    [InlineData("{% capture x %}<b>{{ name }}</b>{% endcapture %}{{ x }}", "<b>O&#39;Neil &amp; Co</b>")]
    public void A_template_sees_values_and_prints_them_as_text(string source, string? expected)
    {
        var data = new Dictionary<string, object?>
        {
            ["name"] = "O'Neil & Co",
            ["team"] = "R&D",
            ["coded"] = "%3Cscript%3E",
            ["escaped"] = "&lt;b&gt;",
            ["lines"] = "a <\r\nb",
            ["words"] = new List<object?> { "a", "onclick=1" },
            ["blank_text"] = " \n\t",
            ["map"] = new Dictionary<string, object?> { ["R&D"] = "<i>" },
            ["list"] = new List<object?> { new Dictionary<string, object?> { ["team"] = "R&D" }, new Dictionary<string, object?> { ["team"] = "R&D" } },
            ["number"] = " 42 ",
            ["day"] = "2026-01-02 03:04",
            ["own"] = new TrustedText("<b>ours</b>"),
            ["R&D"] = "found",
        };

        var isParsed = LiquidTemplate.TryParse(source, LiquidLimits.Default, out var template, out _);

        isParsed.ShouldBe(expected is not null);
        if (template is not null)
        {
            MarkedHtml.WriteMail(template.Render(data, Options).Text.ShouldNotBeNull()).ShouldBe(expected);
        }
    }

    [Fact]
    public void Deep_data_does_not_overflow_the_stack()
    {
        object? list = "<";
        object? map = "<";
        for (var i = 0; i < 100_000; i++)
        {
            list = new List<object?> { list };
            map = new Dictionary<string, object?> { ["a"] = map };
        }

        var data = new Dictionary<string, object?> { ["list"] = list, ["map"] = map };

        Render.Error("{{ list }}", data, Options).Message.ShouldContain("nested deeper");
        Render.Error("{{ map | json }}", data, Options).Message.ShouldContain("nested deeper");
        Render.Result("{{ map.a.a.a.size }}", data, Options).Text.ShouldBe("1");
    }

    [Fact]
    public void An_error_shows_values_and_not_marks() =>
        Render.Error("{{ 1 | map: a }}", Data("<b> & c", "", ""), Options).Message.ShouldBe("cannot select the property '<b> & c'");

    private static LiquidRenderOptions Options => new() { Now = Now, MarksData = true };

    private static void Check(LiquidTemplate template, string filter, Dictionary<string, object?> data)
    {
        var plain = template.Render(data, new LiquidRenderOptions { Now = Now });
        var marked = template.Render(data, Options);
        if (plain.Text is null || marked.Text is null)
        {
            marked.Error.ShouldBe(plain.Error, template.Source);
            return;
        }

        if (filter is "escape" or "h" or "escape_once")
        {
            // A browser shows the same as for the unmarked result, if the template escapes everything once.
            if (template.Source.Split('|').Length == 2)
            {
                Shown(marked.Text).ShouldBe(WebUtility.HtmlDecode(plain.Text), template.Source);
            }
        }
        else
        {
            // Marking removes control characters, also from what a filter has decoded.
            MarkedText.Unmark(marked.Text).ShouldBe(MarkedText.Unmark(MarkedText.Mark(plain.Text)), template.Source);
        }

        WithoutMarkupOf(filter, template.Source, marked.Text).AsSpan().IndexOfAny(MarkedSet)
            .ShouldBe(-1, $"{template.Source} gave {marked.Text} with {data["a"]}|{data["b"]}|{data["c"]}");
    }

    private static void ShouldHaveTheMarkupOfTheTemplate(string filter, string html)
    {
        var own = html.Replace("<br />\n", "", StringComparison.Ordinal);
        (own.Count(c => c == '<'), own.Count(c => c == '>')).ShouldBe((4, 4), own);
        if (filter != "json")
        {
            (own.Count(c => c == '"'), own.Count(c => c == '\'')).ShouldBe((4, 2), own);
            own["<p id=".Length..own.IndexOf(" title=\"", StringComparison.Ordinal)].Any(c => char.IsWhiteSpace(c) || c == '=').ShouldBeFalse(own);
        }
    }

    private static string Shown(string marked) => WebUtility.HtmlDecode(MarkedHtml.WriteMail(marked));

    /// <summary>Removes the characters that the filter or the template itself writes.</summary>
    private static string WithoutMarkupOf(string filter, string source, string text) => filter switch
    {
        "newline_to_br" => text.Replace("<br />", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal),
        // The syntax of JSON and its escape sequences.
        "json" => string.Concat(text.Where(c => c is not ('"' or '\\' or '{'))),
        _ when source.Contains("' '", StringComparison.Ordinal) => text.Replace(" ", "", StringComparison.Ordinal),
        _ when source.Contains("'<'", StringComparison.Ordinal) => text.Replace("<", "", StringComparison.Ordinal),
        _ => text,
    };

    private static Dictionary<string, object?> Data(string a, string b, string c) => new()
    {
        ["a"] = a,
        ["b"] = b,
        ["c"] = c,
        ["list"] = new List<object?> { a, b, c, a, b },
        ["map"] = new Dictionary<string, object?> { ["a"] = a, ["name"] = b, ["<k k=\">"] = new List<object?> { c, "x y" } },
    };
}
