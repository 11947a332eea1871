using Sallyport.Protocols.Liquid;

namespace Sallyport.Protocols.Tests.Liquid;

public class ErrorTests
{
    [Theory]
    [InlineData("a\n b {% if x %}", 2, 4, "tag 'if' is never closed")]
    [InlineData("{{ x", 1, 1, "'{{' is never closed")]
    [InlineData("ok\r\n{% if x", 2, 1, "'{%' is never closed")]
    [InlineData("{{ x | shout }}", 1, 8, "unknown filter 'shout'")]
    [InlineData("{% shout %}", 1, 1, "unknown tag 'shout'")]
    [InlineData("{% endif %}", 1, 1, "misplaced tag 'endif': no tag is open")]
    [InlineData("{% else %}", 1, 1, "misplaced tag 'else': no tag is open")]
    [InlineData("{% for i in a %}{% endif %}", 1, 17, "misplaced tag 'endif': the open tag is 'for' in line 1")]
    [InlineData("{% for i in a %}{% endfor %}\n{% if a %}{% case b %}\n{% endfor %}", 3, 1, "misplaced tag 'endfor': the open tag is 'case' in line 2")]
    [InlineData("{% if a %}{% endif %}{% endfor %}", 1, 22, "misplaced tag 'endfor': no tag is open")]
    [InlineData("{% if a %}\n{% liquid\nunless b\nendfor %}", 4, 1, "misplaced tag 'endfor': the open tag is 'unless' in line 3")]
    [InlineData("{% # one\n  two %}", 2, 3, "each line of a comment must begin with '#'")]
    [InlineData("{%- # one\n\n # two\n\t# three\n x -%}", 5, 2, "each line of a comment must begin with '#'")]
    [InlineData("{% # one\n assign a = 1 %}", 2, 2, "each line of a comment must begin with '#'")]
    [InlineData("{% %}", 1, 1, "a tag has no name")]
    [InlineData("{{ a b }}", 1, 6, "expected the end of the tag but found 'b'")]
    [InlineData("{{ a.'b' }}", 1, 6, "expected a name but found ''b''")]
    [InlineData("{% if a == %}{% endif %}", 1, 12, "expected a value but found nothing")]
    [InlineData("{{ 'a }}", 1, 1, "'{{' is never closed")]
    [InlineData("{% assign a 'b' %}", 1, 13, "expected '=' but found ''b''")]
    [InlineData("{% assign ='b' %}", 1, 11, "tag 'assign' needs a name")]
    [InlineData("{{ a | upcase: 1 }}", 1, 8, "filter 'upcase' takes no arguments but has 1")]
    [InlineData("{{ a | replace }}", 1, 8, "filter 'replace' takes 1 to 2 arguments but has 0")]
    [InlineData("{{ a | upcase: b: 1 }}", 1, 16, "the filter has no argument named 'b'")]
    [InlineData("{% for i in a colour: 1 %}{% endfor %}", 1, 15, "unknown option 'colour'")]
    [InlineData("{% if a %}{% layout 'b' %}{% endif %}", 1, 11, "layout cannot be used within another tag")]
    [InlineData("{% liquid\n  if a\n    shout\n  endif\n%}", 3, 5, "unknown tag 'shout'")]
    [InlineData("{{ a @ b }}", 1, 6, "unexpected character '@'")]
    [InlineData("{% render name %}", 1, 11, "expected a name in quotes but found 'name'")]
    public void A_syntax_error_has_its_line_and_column(string source, int line, int column, string message)
    {
        var isParsed = LiquidTemplate.TryParse(source, LiquidLimits.Default, out var template, out var error);

        isParsed.ShouldBeFalse();
        template.ShouldBeNull();
        error.ShouldBe(new LiquidError(message, line, column));
    }

    [Theory]
    [InlineData("a\n{{ 1 | divided_by: 0 }}", 2, 8, "divided by 0")]
    [InlineData("{% if 'a' < 1 %}{% endif %}", 1, 11, "text and a number cannot be compared")]
    [InlineData("{{ 'x' | slice: 'y' }}", 1, 10, "invalid integer")]
    [InlineData("{{ '!' | base64_decode }}", 1, 10, "invalid base64")]
    [InlineData("{{ '%ff' | url_decode }}", 1, 12, "what was decoded is not UTF-8")]
    [InlineData("{{ 'now' | date: '%Y' }}", 1, 12, "the current date is not available here")]
    [InlineData(" {% include 'gone' %}", 1, 2, "there is no partial named 'gone'")]
    [InlineData("{{ 1 | map: 'x' }}", 1, 8, "cannot select the property 'x'")]
    [InlineData("{% include nothing %}", 1, 1, "the name of a partial must be text")]
    public void A_rendering_error_has_its_line_and_column(string source, int line, int column, string message)
    {
        var result = Render.Result(source);

        result.Succeeded.ShouldBeFalse();
        result.Text.ShouldBeNull();
        result.Error.ShouldBe(new LiquidError(message, line, column));
    }

    [Fact]
    public void An_error_in_a_partial_names_the_partial()
    {
        var options = Render.Partials(new() { ["outer"] = "{% render 'inner' %}", ["inner"] = "\n{{ 1 | modulo: 0 }}" });

        var error = Render.Error("{% include 'outer' %}", options: options);

        error.ShouldBe(new LiquidError("divided by 0", 2, 8, "inner"));
        error.ToString().ShouldBe("inner, line 2, column 8: divided by 0");
    }

    [Fact]
    public void An_error_after_a_partial_does_not_name_the_partial()
    {
        var options = Render.Partials(new() { ["p"] = "text", ["main"] = "{% block a %}{% endblock %}" });

        Render.Error("{% include 'p' %}\n{{ 1 | modulo: 0 }}", options: options).ToString().ShouldBe("line 2, column 8: divided by 0");
        Render.Error("{% layout 'main' %}{% block a %}\n{{ 1 | modulo: 0 }}{% endblock %}", options: options).Line.ShouldBe(2);
    }

    [Fact]
    public void A_value_outside_the_closed_set_is_an_error()
    {
        var data = new Dictionary<string, object?> { ["a"] = new Uri("https://example.com"), ["b"] = new List<object?> { new object() } };

        Render.Error("{{ a.Host }}", data).Message.ShouldContain("cannot use");
        Render.Error("{{ b }}", data).Message.ShouldContain("cannot use");
        Render.Error("{{ b | map: 'x' }}", data).Message.ShouldContain("cannot use");
        Render.Error("{{ b | json }}", data).Message.ShouldContain("cannot use");
        Render.Error("{% for i in b %}{% endfor %}", data).Message.ShouldContain("cannot use");
    }

    [Fact]
    public void A_source_beyond_the_limit_is_not_parsed()
    {
        var limits = new LiquidLimits { MaxSourceLength = 3 };

        Render.Error("abcd", limits: limits).ShouldBe(new LiquidError("the template is longer than 3 characters", 1, 4));
        Render.Result("abc", limits: limits).Text.ShouldBe("abc");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(251)]
    public void A_nesting_limit_that_could_overflow_the_stack_cannot_be_set(int nesting)
    {
        Should.Throw<ArgumentOutOfRangeException>(() => new LiquidLimits { MaxNesting = nesting });
    }
}
