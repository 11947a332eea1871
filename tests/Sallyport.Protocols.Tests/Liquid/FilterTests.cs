using Sallyport.Protocols.Liquid;

namespace Sallyport.Protocols.Tests.Liquid;

/// <summary>Behaviour of filters that the conformance suite does not cover.</summary>
public class FilterTests
{
    private static readonly DateTimeOffset Now = new(2024, 2, 29, 13, 5, 9, 123, TimeSpan.FromHours(2));

    [Fact]
    public void Escape_changes_only_characters_with_a_meaning_in_HTML()
    {
        Render.Text("{{ 'é ü 😀 & < > \"' | escape }}{{ \"'\" | escape }}").ShouldBe("é ü 😀 &amp; &lt; &gt; &quot;&#39;");
        Render.Text("{{ '&lt; & &#39; &#x27; &; &a' | escape_once }}").ShouldBe("&lt; &amp; &#39; &amp;#x27; &amp;; &amp;a");
    }

    [Fact]
    public void In_plain_text_no_filter_writes_HTML()
    {
        var data = new Dictionary<string, object?> { ["name"] = "O'Neil &amp; <Co>\r\n\"x\"" };

        foreach (var filter in new[] { "escape", "escape_once", "newline_to_br" })
        {
            Render.Text($"{{{{ name | {filter} }}}}", data, new LiquidRenderOptions { IsHtml = false }).ShouldBe((string)data["name"]!, filter);
        }
    }

    [Fact]
    public void Json_cannot_end_a_script_element_or_an_attribute()
    {
        var data = new Dictionary<string, object?>
        {
            ["a"] = "</script><!--'\"\\\n\u2028\u0001&é😀\ud83d",
            ["b"] = new Dictionary<string, object?> { ["<"] = new List<object?> { 1L, 1.5, true, null, "x" } },
        };

        Render.Text("{{ a | json }}", data).ShouldBe("\"\\u003c/script\\u003e\\u003c!--\\u0027\\\"\\\\\\n\\u2028\\u0001\\u0026é😀\\ud83d\"");
        Render.Text("{{ b | json }}", data).ShouldBe("{\"\\u003c\":[1,1.5,true,null,\"x\"]}");
        Render.Text("{{ nothing | json }}{{ (1..3) | json }}").ShouldBe("null[1,2,3]");
    }

    [Theory]
    [InlineData("2016-03-14", "2016-03-14 00:00:00 +0000")]
    [InlineData("2016-03-14T10:20:30Z", "2016-03-14 10:20:30 +0000")]
    [InlineData("2016-03-14 10:20:30.25 +01:30", "2016-03-14 10:20:30 +0130")]
    [InlineData("2016/3/4 10:20", "2016-03-04 10:20:00 +0000")]
    [InlineData("Mon, 14 Mar 2016 10:20:30 GMT", "2016-03-14 10:20:30 +0000")]
    [InlineData("Mon, 14 Mar 2016 10:20:30 -0800", "2016-03-14 10:20:30 -0800")]
    [InlineData("March 14th, 2016 at 12:05 am", "2016-03-14 00:05:00 +0000")]
    [InlineData("14 Sept 2016 11:05PM", "2016-09-14 23:05:00 +0000")]
    [InlineData("March 2016", "2016-03-01 00:00:00 +0000")]
    [InlineData("10:20", "2024-02-29 10:20:00 +0000")]
    [InlineData("0", "1970-01-01 00:00:00 +0000")]
    public void A_date_is_parsed_in_common_forms(string text, string expected)
    {
        Date(text, "%Y-%m-%d %H:%M:%S %z").ShouldBe(expected);
    }

    [Theory]
    [InlineData("")]
    [InlineData("soon")]
    [InlineData("2016-13-01")]
    [InlineData("2016-02-30")]
    [InlineData("2023-02-29")]
    [InlineData("25:00")]
    [InlineData("10:20:30 +99:00")]
    [InlineData("0001-01-01 00:00 +01:00")]
    [InlineData("99999999999999999999")]
    [InlineData("1.5.2016 3 4 5")]
    public void Text_that_is_not_a_date_is_unchanged(string text)
    {
        Date(text, "%Y").ShouldBe(text);
    }

    [Theory]
    [InlineData("%Y %C %y %G %g", "2024 20 24 2024 24")]
    [InlineData("%m %-m %_m %B %b %h %^b", "02 2  2 February Feb Feb FEB")]
    [InlineData("%d %e %-d %j %U %W %V %u %w", "29 29 29 060 08 09 09 4 4")]
    [InlineData("%A %a %^A %#a", "Thursday Thu THURSDAY THU")]
    [InlineData("%H %k %I %l %M %S %L %N %p %P %#p", "13 13 01  1 05 09 123 123000000 PM pm pm")]
    [InlineData("%z %:z %::z %Z %s", "+0200 +02:00 +02:00:00 +02:00 1709204709")]
    [InlineData("%F %T %D %R %r", "2024-02-29 13:05:09 02/29/24 13:05 01:05:09 PM")]
    [InlineData("%c | %x | %X | %v", "Thu Feb 29 13:05:09 2024 | 02/29/24 | 13:05:09 | 29-FEB-2024")]
    [InlineData("%6Y %_6Y %010d %%%n%t", "002024   2024 0000000029 %\n\t")]
    [InlineData("%Q %", "%Q %")]
    public void A_date_is_formatted_as_by_strftime(string format, string expected)
    {
        Date("now", format).ShouldBe(expected);
    }

    [Fact]
    public void An_instant_in_the_data_is_a_date()
    {
        var data = new Dictionary<string, object?> { ["at"] = Now };

        Render.Text("{{ at }} {{ at | date: '%H:%M' }} {{ at | json }}", data).ShouldBe("2024-02-29 13:05:09 +0200 13:05 \"2024-02-29T13:05:09.123+02:00\"");
    }

    [Fact]
    public void Surrogate_pairs_are_not_split()
    {
        Render.Text("{{ 'a😀b' | size }}{{ 'a😀b' | slice: 1 }}{{ 'a😀b' | truncate: 2, '' }}{{ 'a😀b' | split: '' | join: '-' }}")
            .ShouldBe("3😀a😀a-😀-b");
        Render.Text("{{ '😀b' | capitalize }}{{ '😀b' | replace: '', '.' }}").ShouldBe("😀b.😀.b.");
    }

    [Theory]
    [InlineData("{{ 9223372036854775807 | plus: 1 }}", "9.223372036854776e+18")]
    [InlineData("{{ 1.0 | divided_by: 3 }}", "0.3333333333333333")]
    [InlineData("{{ -7 | divided_by: 2 }} {{ -7 | modulo: 3 }} {{ 7 | modulo: -3 }}", "-4 2 -2")]
    [InlineData("{{ 0.1 | plus: 0.2 }} {{ 1.1 | times: 3 }}", "0.3 3.3")]
    [InlineData("{{ 2.5 | round }} {{ -2.5 | round }} {{ 1.005 | round: 2 }} {{ 1234 | round: -2 }}", "3 -3 1.01 1200")]
    [InlineData("{{ 12300000000000000.0 }} {{ -10000000000000000.0 }} {{ 1000000000000000.0 }} {{ 0.0001 }} {{ 0.00001 }}", "1.23e+16 -1.0e+16 1000000000000000.0 0.0001 1.0e-05")]
    [InlineData("{{ '12abc' | plus: 1 }} {{ ' 1.5 ' | plus: 1 }} {{ '1e3' | plus: 1 }} {{ '-' | plus: 1 }}", "13 2.5 2 1")]
    public void Arithmetic_is_that_of_the_reference_implementation(string source, string expected)
    {
        Render.Text(source).ShouldBe(expected);
    }

    [Fact]
    public void Every_numeric_type_in_the_data_is_accepted()
    {
        var data = new Dictionary<string, object?> { ["a"] = 1, ["b"] = (short)2, ["c"] = 3m, ["d"] = 4.5m, ["e"] = 0.5f, ["f"] = (byte)6 };

        Render.Text("{{ a | plus: b }} {{ c }} {{ d }} {{ e }} {{ f }} {% if a < d %}less{% endif %}", data).ShouldBe("3 3 4.5 0.5 6 less");
    }

    [Fact]
    public void A_map_is_printed_like_a_literal_of_Ruby()
    {
        var data = new Dictionary<string, object?> { ["a"] = new Dictionary<string, object?> { ["k"] = "v", ["l"] = new List<object?> { 1L, null } } };

        Render.Text("{{ a }}", data).ShouldBe("{\"k\"=>\"v\", \"l\"=>[1, nil]}");
    }

    private static string Date(string text, string format) => Render.Text(
        "{{ text | date: format }}", new() { ["text"] = text, ["format"] = format }, new LiquidRenderOptions { Now = Now });
}
