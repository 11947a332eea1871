using Sallyport.Protocols.Liquid;

namespace Sallyport.Protocols.Tests.Liquid;

/// <summary>A template names the variables that it takes from the data.</summary>
public sealed class VariableNameTests
{
    [Theory]
    [InlineData("{{ a }} {{ b.c.d }} {{ a }}", "a b.c.d")]
    [InlineData("{% if a == b.c and d contains 'x' %}{{ e | append: f | append: g | default: h }}{% elsif i %}{% else %}{{ j }}{% endif %}", "a b.c d e f h i j g")]
    [InlineData("{{ a[0].b }} {{ a['b'] }} {{ a[c.d] }} {{ [e] }}", "a c.d e")]
    [InlineData("{% for x in a.b limit: c %}{{ x.y }} {{ forloop.index }} {{ d }}{% endfor %}", "a.b c d")]
    [InlineData("{% tablerow x in (1..a) cols: b %}{{ x }}{{ tablerowloop.col }}{% endtablerow %}", "a b")]
    [InlineData("{% assign x = a | plus: 1 %}{% capture y %}{{ x }}{% endcapture %}{{ y }}{% increment z %}{{ z }}", "a")]
    [InlineData("{{ a | default: b, allow_false: c }}", "a b c")]
    [InlineData("{{ nil }} {{ true }} {{ empty }} {{ blank }} {{ 'text' }} {{ 1 }} text", "")]
    [InlineData("{% unless a %}{% case b %}{% when c %}{% endcase %}{% endunless %}{% cycle d, e %}{% echo f %}{% liquid\n echo g\n%}", "a b c d e f g")]
    [InlineData("{% comment %}{{ a }}{% endcomment %}{% raw %}{{ b }}{% endraw %}", "")]
    public void The_variables_of_a_template_are_those_that_it_does_not_assign_itself(string source, string expected)
    {
        LiquidTemplate.TryParse(source, LiquidLimits.Default, out var template, out var error).ShouldBeTrue(error?.ToString());

        template!.Variables.ShouldBe(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries), ignoreOrder: true);
    }
}
