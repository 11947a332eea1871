using System.Diagnostics;
using System.Text;
using Sallyport.Protocols.Liquid;

namespace Sallyport.Protocols.Tests.Liquid;

/// <summary>
/// Each template tries to exhaust stack, time or memory. The time limit is a hundred times what is measured: it detects endless work and does
/// not measure speed.
/// </summary>
public class HostileTemplateTests
{
    private static readonly TimeSpan NoEnd = TimeSpan.FromSeconds(20);

    /// <summary>A high limit of length, so that the nesting limit is reached first.</summary>
    private static readonly LiquidLimits LongSource = new() { MaxSourceLength = 10_000_000 };

    private static readonly Dictionary<string, string> Bombs = new()
    {
        ["nested tags"] = Repeat("{% if true %}", 20_000),
        ["nested and closed tags"] = Repeat("{% if true %}", 20_000) + Repeat("{% endif %}", 20_000),
        ["nested loops"] = Repeat("{% for i in (1..9) %}", 20_000),
        ["nested captures"] = Repeat("{% capture a %}", 20_000),
        ["nested blocks"] = Repeat("{% block a %}", 20_000),
        ["nested liquid tags"] = "{% " + Repeat("liquid ", 100_000) + "%}",
        ["nested lines"] = "{% liquid\n" + Repeat("if true\n", 20_000) + "%}",
        ["nested indexes"] = "{{ " + Repeat("a[", 100_000) + "0" + Repeat("]", 100_000) + " }}",
        ["nested computed names"] = "{{ " + Repeat("[", 100_000) + "a" + Repeat("]", 100_000) + " }}",
        ["nested indexes in a condition"] = "{% if " + Repeat("a[", 100_000) + " %}{% endif %}",
        ["nested ranges"] = "{{ " + Repeat("(", 100_000) + "1" + Repeat("..2)", 100_000) + " }}",
        ["nested ranges in filter arguments"] = "{{ 1 | plus: " + Repeat("(1..", 100_000) + " }}",
        ["nested cases"] = Repeat("{% case 1 %}{% when 1 %}", 20_000),
        ["nested alternatives"] = Repeat("{% if false %}{% else %}", 20_000),
        ["nested later conditions"] = Repeat("{% if false %}{% elsif true %}", 20_000),
        ["nested exceptions"] = Repeat("{% unless false %}", 20_000),
        ["nested tables"] = Repeat("{% tablerow i in (1..9) %}", 20_000),
        ["nested empty loops"] = Repeat("{% for i in a %}{% else %}", 20_000),
        ["nested changes"] = Repeat("{% ifchanged %}", 20_000),
        ["nested tags of every kind"] = Repeat("{% if true %}{% case 1 %}{% when 1 %}{% for i in (1..1) %}{% capture a %}{% unless false %}", 4_000),
        ["nested indexes in filter arguments"] = "{{ 1 | plus: " + Repeat("a[", 100_000) + "0" + Repeat("]", 100_000) + " }}",
        ["nested indexes in named arguments"] = "{{ 1 | default: 2, allow_false: " + Repeat("a[", 100_000) + " }}",
        ["nested indexes in an assignment"] = "{% assign b = " + Repeat("a[", 100_000) + " %}",
        ["nested indexes in a loop"] = "{% for i in " + Repeat("a[", 100_000) + " %}{% endfor %}",
        ["nested indexes in the bounds of a loop"] = "{% for i in (1.." + Repeat("a[", 100_000) + ") %}{% endfor %}",
        ["nested indexes in the options of a loop"] = "{% for i in a limit: " + Repeat("a[", 100_000) + " %}{% endfor %}",
        ["nested indexes in a case"] = "{% case " + Repeat("a[", 100_000) + " %}{% endcase %}",
        ["nested indexes in a choice"] = "{% case 1 %}{% when " + Repeat("a[", 100_000) + " %}{% endcase %}",
        ["nested indexes in a cycle"] = "{% cycle " + Repeat("a[", 100_000) + " %}",
        ["nested indexes in the name of a partial"] = "{% include " + Repeat("a[", 100_000) + " %}",
        ["nested indexes in the arguments of a partial"] = "{% render 'leaf', b: " + Repeat("a[", 100_000) + " %}",
        ["nested indexes in a line"] = "{% liquid\necho " + Repeat("a[", 100_000) + "\n%}",
        ["comments that are never closed"] = Repeat("{% comment %}", 100_000),
        ["raw texts that are never closed"] = "{% raw %}" + Repeat("{% raw %}", 100_000),
        ["outputs that are never closed"] = Repeat("{{ '", 100_001),
        ["tags that are never closed"] = Repeat("{% if ", 100_000),
        ["a thousand million rounds"] = Loops(3, "(1..1000)", "x"),
        ["a thousand million rounds of nothing"] = Loops(3, "(1..1000)", ""),
        ["a thousand million rounds of a table"] = Tables(3, "(1..1000)"),
        ["a range of all numbers"] = "{% for i in (-9223372036854775808..9223372036854775807) %}{% endfor %}",
        ["a long range"] = "{{ (1..1000000000) | join }}",
        ["ranges of ranges"] = Loops(5, "(1..100000)", "{{ (1..100000) | reverse | sort | uniq | size }}"),
        ["doubled text"] = "{% assign a = 'xxxxxxxxxxxxxxxx' %}{% for i in (1..99) %}{% assign a = a | append: a %}{% endfor %}",
        ["doubled lists"] = "{% assign a = '1,2,3,4' | split: ',' %}{% for i in (1..99) %}{% assign a = a | concat: a %}{% endfor %}",
        ["doubled captures"] = "{% for i in (1..99) %}{% capture a %}{{ a }}{{ a }}xxxxxxxx{% endcapture %}{% endfor %}",
        ["many kept texts"] = Megabyte() + "{% for i in (1..100000) %}{% capture i %}{{ a }}{{ i }}{% endcapture %}{% endfor %}",
        ["a chain of filters on a long text"] = Megabyte() + "{{ a" + Repeat(" | escape | upcase | strip_html", 2_000) + " }}",
        ["growth by escaping"] = Megabyte("&") + "{{ a" + Repeat(" | escape", 99) + " }}",
        ["growth by encoding"] = Megabyte("%") + "{{ a" + Repeat(" | url_encode", 99) + " }}",
        ["growth by replacing"] = Megabyte() + "{{ a | replace: 'x', a }}",
        ["growth by interleaving"] = Megabyte() + "{{ a | replace: '', a }}",
        ["growth by joining"] = Megabyte() + "{{ (1..100000) | join: a }}",
        ["a search that almost matches everywhere"] = Megabyte() + "{% assign b = a | slice: 0, 60000 | append: 'y' | append: a %}"
            + "{% for i in (1..10000) %}{% if a contains b %}{% endif %}{{ a | replace: b, '' | split: b | size }}{% endfor %}",
        ["a long split"] = Megabyte() + "{% for i in (1..10000) %}{% assign b = a | split: '' %}{% endfor %}",
        ["unclosed markup to strip"] = Megabyte("<script") + "{% for i in (1..10000) %}{{ a | strip_html }}{% endfor %}",
        ["a wide date field"] = "{{ 0 | date: '%999999999Y' }}",
        ["a wide date field with too many digits"] = "{{ 0 | date: '%" + Repeat("9", 10_000) + "Y' }}",
        ["many wide date fields"] = "{% assign a = 0 | date: '" + Repeat("%1000Y", 10_000) + "' %}",
        ["sizes of a long text"] = Megabyte("😀") + Loops(2, "(1..9999)", "{% if a.size == a.first or a.last == 1 %}{% endif %}{% assign b = a | size %}"),
        ["numbers in a long text"] = Megabyte(" ") + Loops(2, "(1..9999)", "{% assign b = a | plus: a | times: a %}"),
        ["digits of a long text"] = Megabyte("0") + Loops(2, "(1..9999)", "{% assign b = a | plus: a %}{% assign b = a | date: '%Y' %}"),
        ["a long text that is blank"] = Megabyte(" ") + Loops(2, "(1..9999)", "{% if a == blank or blank == a %}{% endif %}"),
        ["a long key"] = Megabyte() + Loops(2, "(1..9999)", "{% assign b = [a] %}{% assign b = forloop[a] %}"),
        ["a long path"] = Loops(3, "(1..1000)", "{% assign b = a" + Repeat(".b", 100_000) + " %}"),
        ["many arguments"] = Loops(2, "(1..9999)", "{% render 'empty'" + Repeat(", b: 1", 30_000) + " %}{% include 'empty'" + Repeat(", b: 1", 30_000) + " %}"),
        ["an empty partial for many items"] = Megabyte() + "{% assign b = a | slice: 0, 9999 | split: '' %}" + Loops(2, "(1..9999)", "{% include 'empty' for b %}"),
        ["a block of many layers"] = "{% layout 'looped' %}{% for i in (1..99999) %}{% block a %}{% endblock %}{% endfor %}",
        ["a long name of a tag"] = "{% " + Repeat("x", 200_000) + " %}",
        ["a long name of a filter"] = "{{ a | " + Repeat("x", 200_000) + " }}",
        ["a long name of a partial"] = Megabyte() + "{% include a %}",
        ["endless output"] = "{% for i in (1..100000) %}" + Repeat("x", 10_000) + "{% endfor %}",
        ["a number that is no number"] = "{{ " + Repeat("9", 10_000) + " }}",
        ["a product without end"] = "{% assign a = 9.5 %}{% for i in (1..99999) %}{% assign a = a | times: a %}{% endfor %}",
        ["a partial that includes itself"] = "{% include 'self' %}",
        ["a partial that renders itself"] = "{% render 'again' %}",
        ["a partial that renders itself twice"] = "{% render 'twice' %}",
        ["a layout that is its own"] = "{% include 'layout' %}",
        ["a block within itself"] = "{% layout 'blocks' %}{% block a %}{% block a %}{% endblock %}{% endblock %}",
        ["partials that multiply"] = Loops(2, "(1..10000)", "{% render 'leaf' for (1..100000) as x %}"),
        ["a character that is none"] = "{{ a \0 }}",
        ["half a character"] = "{{ \ud800 }}",
        ["half a character in a tag"] = "{% if \udc00 %}{% endif %}",
    };

    private static readonly LiquidRenderOptions Options = Render.Partials(new()
    {
        ["self"] = "{% include 'self' %}",
        ["again"] = "{% if true %}{% render 'again' %}{% endif %}",
        ["twice"] = "{% render 'twice' %}{% render 'twice' %}",
        ["layout"] = "{% layout 'layout' %}",
        ["blocks"] = "{% block a %}{% endblock %}",
        ["leaf"] = "leaf",
        ["empty"] = "",
        ["looped"] = "{% for i in (1..99999) %}{% block a %}{% endblock %}{% endfor %}",
    });

    public static TheoryData<string> Names => [.. Bombs.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_hostile_template_ends_with_an_error_with_line_and_column(string name)
    {
        var clock = Stopwatch.StartNew();

        var error = Render.Error(Bombs[name], options: Options, limits: LongSource);

        error.Message.ShouldNotBeNullOrWhiteSpace();
        error.Message.Length.ShouldBeLessThan(200);
        error.Line.ShouldBeGreaterThanOrEqualTo(1);
        error.Column.ShouldBeGreaterThanOrEqualTo(1);
        clock.Elapsed.ShouldBeLessThan(NoEnd);
    }

    [Theory]
    [InlineData("{% if a < b %}{% endif %}")]
    [InlineData("{% if a == c %}{% endif %}")]
    [InlineData("{% if a contains a %}{% endif %}{% if a contains b %}{% endif %}{% if b contains a %}{% endif %}")]
    [InlineData("{{ b | split: a }}{{ a | split: b | size }}{{ b | replace: a, b }}{{ a | remove_last: b | size }}")]
    [InlineData("{% assign d = a | slice: 0, 40000 %}{{ d | url_encode | size }}{{ d | json | size }}{{ a | escape_once | size }}{{ a | strip_html | size }}")]
    [InlineData("{{ map[a] }}{{ [a] }}{{ map | where: a | size }}")]
    public void Work_on_marked_text_is_charged(string body)
    {
        var data = new Dictionary<string, object?>
        {
            ["a"] = new string('<', 250_000),
            ["b"] = "<>",
            ["c"] = new string('<', 249_999) + ">",
            ["map"] = new Dictionary<string, object?>(),
        };
        var clock = Stopwatch.StartNew();

        var error = Render.Error(Loops(3, "(1..1000)", body), data, new LiquidRenderOptions { MarksData = true });

        error.Message.ShouldBe("the template takes more than 1000000 steps");
        clock.Elapsed.ShouldBeLessThan(NoEnd);
    }

    [Fact]
    public void The_deepest_nesting_limit_fits_a_small_stack()
    {
        var limits = new LiquidLimits { MaxNesting = 250 };
        var index = "{{ " + Repeat("a[", 120) + "0" + Repeat("]", 120) + " | plus: " + Repeat("a[", 120) + "0" + Repeat("]", 120) + " }}";
        var template = Render.Parse(Repeat("{% for i in (1..1) %}", 125) + index + Repeat("{% endfor %}", 125), limits);
        LiquidResult result = default;
        var thread = new Thread(() => result = template.Render(new Dictionary<string, object?>()), maxStackSize: 256 * 1024);

        thread.Start();
        thread.Join();

        result.Text.ShouldBe("0");
    }

    [Fact]
    public void Data_nested_deeper_than_the_limit_is_an_error()
    {
        object? list = "x";
        object? map = "x";
        for (var i = 0; i < 100_000; i++)
        {
            list = new List<object?> { list };
            map = new Dictionary<string, object?> { ["a"] = map };
        }

        var data = new Dictionary<string, object?> { ["list"] = list, ["map"] = map };

        foreach (var use in (string[])["{{ list }}", "{{ map }}", "{{ list | json }}", "{{ map | json }}", "{{ list | join }}", "{{ map | replace: 'a' }}",
            "{% if list == list %}{% endif %}", "{% if map == map %}{% endif %}", "{{ list | uniq | size }}", "{% case map %}{% when map %}{% endcase %}"])
        {
            Render.Error(use, data).Message.ShouldContain("nested deeper");
        }
    }

    [Fact]
    public void Long_chains_are_not_nesting()
    {
        Render.Text("{% if " + Repeat("true and ", 10_000) + "true %}yes{% endif %}").ShouldBe("yes");
        Render.Text("{{ 0" + Repeat(" | plus: 1", 10_000) + " }}").ShouldBe("10000");
        Render.Text("{{ a" + Repeat(".b", 10_000) + " }}").ShouldBe("");
        Render.Text("{% if false %}" + Repeat("{% elsif false %}", 10_000) + "{% endif %}").ShouldBe("");
    }

    private static string Repeat(string text, int count) => new StringBuilder().Insert(0, text, count).ToString();

    private static string Loops(int depth, string range, string body) =>
        Repeat($"{{% for i in {range} %}}", depth) + body + Repeat("{% endfor %}", depth);

    private static string Tables(int depth, string range) =>
        Repeat($"{{% tablerow i in {range} %}}", depth) + Repeat("{% endtablerow %}", depth);

    /// <summary>Assigns to <c>a</c> a text of nearly the longest length.</summary>
    private static string Megabyte(string unit = "x") =>
        $"{{% assign a = '{unit}' %}}{{% for i in (1..{(unit.Length > 1 ? 14 : 16)}) %}}{{% assign a = a | append: a %}}{{% endfor %}}";
}
