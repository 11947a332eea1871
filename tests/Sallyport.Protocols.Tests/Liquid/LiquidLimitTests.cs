using System.Diagnostics;
using Sallyport.Protocols.Liquid;

namespace Sallyport.Protocols.Tests.Liquid;

/// <summary>The limits for which the engine is our own (docs/adr/0010-liquid-engine-of-our-own.md).</summary>
public sealed class LiquidLimitTests
{
    [Fact]
    public void The_defaults_are_these()
    {
        LiquidLimits.Default.ShouldBe(new LiquidLimits
        {
            MaxSourceLength = 262_144,
            MaxNesting = 100,
            MaxSteps = 1_000_000,
            MaxOutputLength = 1_048_576,
            MaxStringLength = 262_144,
            MaxRangeLength = 100_000,
        });
    }

    /// <summary>Without a limit on recursion, a stack overflow would end the process, and with it the test run.</summary>
    [Theory]
    [InlineData("{% if a %}", "{% endif %}")]
    [InlineData("{% unless a %}", "{% endunless %}")]
    [InlineData("{% for i in a %}", "{% endfor %}")]
    [InlineData("{% tablerow i in a %}", "{% endtablerow %}")]
    [InlineData("{% case a %}{% when 1 %}", "{% endcase %}")]
    [InlineData("{% capture a %}", "{% endcapture %}")]
    [InlineData("{% ifchanged %}", "{% endifchanged %}")]
    [InlineData("{% block a %}", "{% endblock %}")]
    public void Five_hundred_nested_tags_are_refused(string open, string close)
    {
        Render.Error(Repeat(open, 500) + Repeat(close, 500)).Message.ShouldBe("nested deeper than 100 levels");
        Render.Error(Repeat(open, 5_000)).Message.ShouldBe("nested deeper than 100 levels");
    }

    [Theory]
    [InlineData("{{ ", "a[", "0", "]", " }}")]
    [InlineData("{{ ", "[", "a", "]", " }}")]
    [InlineData("{{ ", "(1..", "2", ")", " }}")]
    [InlineData("{% if ", "a[", "0", "]", " %}{% endif %}")]
    [InlineData("{% assign b = ", "a[", "0", "]", " %}")]
    public void Five_hundred_nested_brackets_are_refused(string start, string open, string middle, string close, string end)
    {
        Render.Error(start + Repeat(open, 500) + middle + Repeat(close, 500) + end).Message.ShouldBe("nested deeper than 100 levels");
        Render.Error(start + Repeat(open, 50_000) + end).Message.ShouldBe("nested deeper than 100 levels");
    }

    [Theory]
    [InlineData("{% assign a = 'xxxx' %}{% for i in (1..40) %}{% assign a = a | append: a %}{% endfor %}", "a value would be longer than 262144 characters")]
    [InlineData("{% assign a = '<<<<' %}{% for i in (1..40) %}{% assign a = a | escape %}{% assign a = a | append: a %}{% endfor %}", "a value would be longer than 262144 characters")]
    [InlineData("{% for i in (1..40) %}{% capture a %}{{ a }}{{ a }}xxxx{% endcapture %}{% endfor %}", "a value would be longer than 262144 characters")]
    [InlineData("{% for i in (1..99999) %}0123456789abcdef{% endfor %}", "the output is longer than 1048576 characters")]
    [InlineData("{% for i in (1..1000) %}{% for j in (1..1000) %}{% for k in (1..1000) %}{% endfor %}{% endfor %}{% endfor %}", "the template takes more than 1000000 steps")]
    [InlineData("{% for i in (1..100001) %}{% endfor %}", "a range would have more than 100000 numbers")]
    [InlineData("{{ (1..9223372036854775807) | size }}", "a range would have more than 100000 numbers")]
    [InlineData("{% render 'again' %}", "nested deeper than 100 levels")]
    public void Endless_growth_is_refused(string source, string message)
    {
        Render.Error(source, options: Render.Partials(new() { ["again"] = "{% render 'again' %}" })).Message.ShouldBe(message);
    }

    [Fact]
    public void A_source_beyond_the_limit_is_refused() =>
        Render.Error(new string('x', 262_145)).Message.ShouldBe("the template is longer than 262144 characters");

    /// <summary>Copying characters is the most expensive step. It takes about a second; the limit is higher for busy machines.</summary>
    [Fact]
    public void All_steps_are_used_up_within_seconds()
    {
        const string Source = """
            {% assign a = "0123456789abcdef" %}{% for i in (1..13) %}{% assign a = a | append: a %}{% endfor %}
            {% for i in (1..99999) %}{% assign b = a | replace: "0", "1" | upcase | escape | strip_html | split: "a" | join: "b" %}{% endfor %}
            """;
        var clock = Stopwatch.StartNew();

        Render.Error(Source).Message.ShouldBe("the template takes more than 1000000 steps");

        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(20));
    }

    private static string Repeat(string text, int count) => string.Concat(Enumerable.Repeat(text, count));
}
