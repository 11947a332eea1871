using System.Text;
using CsCheck;
using Sallyport.Protocols.Liquid;

namespace Sallyport.Protocols.Tests.Liquid;

public class FuzzTests
{
    private const int Rounds = 200_000;

    // Low limits, because a mutation may nest loops.
    private static readonly LiquidLimits Limits = new() { MaxSteps = 2_000, MaxOutputLength = 20_000, MaxStringLength = 5_000, MaxRangeLength = 500 };

    private static readonly string[] Seeds =
    [
        "{% if a == b and c contains 'd' %}x{% elsif a %}y{% else %}z{% endif %}",
        "{% for i in (1..3) limit: 2 offset: continue reversed %}{{ forloop.index }}{% break %}{% else %}n{% endfor %}",
        "{% case a %}{% when 1, 'x' or nil %}b{% else %}c{% endcase %}{% cycle 'g': 1, 2 %}{% increment n %}",
        "{% tablerow i in list cols: 2 %}{{ i }}{% endtablerow %}{% capture c %}{{ a[b['c']].d }}{% endcapture %}",
        "{%- liquid\n assign a = 'x' | append: 'y'\n if a\n echo a | upcase\n endif\n -%}{% raw %}{{ {% endraw %}",
        "{% comment %}{% comment %}{% endcomment %}{% endcomment %}{% # note %}{% doc %}{% enddoc %}{{- 'a' | date: '%Y-%m' -}}",
        "{% include 'p' with a as b, c: 1 %}{% render 'p' for list as x %}{% layout 'p' %}{% block q %}{{ block.super }}{% endblock %}",
        "{{ list | where: 'a', 1 | map: 'b' | sort: 'c' | join: ', ' | default: 'd', allow_false: true }}{{ -1.5 | round: 2 }}",
        "{{ 'March 14, 2016 10:20:30.5 pm +0100' | date: '%-d%^b%10Y%::z%N%%' }}{{ '<a & b>' | escape_once | strip_html | truncate: 3 }}",
    ];

    private static readonly string[] Fragments =
    [
        "{{", "}}", "{%", "%}", "{%-", "-%}", "|", ":", ",", ".", "..", "[", "]", "(", ")", "'", "\"", "=", "==", "<>", "!", "%", "-", "#", "\n", " ",
        "if", "endif", "for", "endfor", "in", "liquid", "raw", "endraw", "comment", "endcomment", "a", "b", "99999999999999999999", "1.5", "-", "\0",
        "\ud83d\ude00", "\ud83d", "\udc00", "é", "\u00a0", "\u2028", "%s", "%999Y", "| date: '%c'", "| split: ''", "| sort", "| json", "| slice: -3, 9",
    ];

    [Fact]
    public void No_source_makes_the_engine_throw()
    {
        var options = new LiquidRenderOptions
        {
            Partials = new Dictionary<string, LiquidTemplate> { ["p"] = Render.Parse("partial {{ x }}") },
            Now = DateTimeOffset.UnixEpoch,
        };
        var parsed = 0;

        Gen.OneOf(Choices.Gen(Mutate), Choices.Gen(Compose)).Select(Gen.Int[0, 7]).Sample(
            (source, mode) => Interlocked.Add(ref parsed, Run(source, mode > 1 ? null : options with { MarksData = mode == 1 }) ? 1 : 0),
            iter: Rounds);

        // Otherwise the test would reach only the first check of the parser.
        parsed.ShouldBeGreaterThan(Rounds / 20);
    }

    private static bool Run(string source, LiquidRenderOptions? options)
    {
        var isParsed = LiquidTemplate.TryParse(source, Limits, out var template, out _);
        if (options is not null)
        {
            template?.Render(Data, options);
        }

        return isParsed;
    }

    private static Dictionary<string, object?> Data { get; } = new()
    {
        ["a"] = "text \ud83d",
        ["b"] = 3L,
        ["c"] = new Dictionary<string, object?> { ["d"] = 1.5, ["a"] = null },
        ["list"] = new List<object?> { 1L, "x", null, true, new List<object?> { 2.5 }, new Dictionary<string, object?> { ["a"] = 1L } },
        ["t"] = DateTimeOffset.UnixEpoch,
    };

    private static string Mutate(Choices random)
    {
        var text = new StringBuilder(random.Pick<string>(Seeds));
        for (var edits = random.Below(4) + 1; edits > 0 && text.Length > 2; edits--)
        {
            var at = random.Below(text.Length - 1);
            switch (random.Below(4))
            {
                case 0:
                    text.Remove(at, Math.Min(text.Length - at, random.Below(8) + 1));
                    break;
                case 1:
                    text.Insert(at, random.Pick<string>(Fragments));
                    break;
                case 2:
                    text[at] = (char)random.Below(random.Chance(80) ? 128 : 65_536);
                    break;
                default:
                    text.Insert(at, random.Pick<string>(Seeds).AsSpan(random.Below(20)));
                    break;
            }
        }

        return text.ToString();
    }

    private static string Compose(Choices random)
    {
        var text = new StringBuilder();
        for (var parts = random.Below(20); parts > 0; parts--)
        {
            text.Append(random.Pick<string>(Fragments)).Append(random.Chance(30) ? " " : "");
        }

        return random.Chance(50) ? "{{ a" + text + " }}" : text.ToString();
    }
}
