namespace Sallyport.Protocols.Tests.Liquid;

/// <summary>Behaviour of tags that the conformance suite does not cover.</summary>
public class TagTests
{
    private static readonly Dictionary<string, string> Layouts = new()
    {
        ["main"] = "<{% block head %}main{% endblock %}|{% block %}{% endblock %}|{% block foot %}foot of {{ site }}{% endblock %}>",
        ["section"] = "{% layout 'main', site: 'section' %}{% block head %}section, {{ block.super }}{% endblock %}unseen",
    };

    [Theory]
    [InlineData("{% # one line %}")]
    [InlineData("{%- # one\n\n   # two\r\n\t#three\n -%}")]
    [InlineData("{% liquid\n # one\n # two %}")]
    public void A_comment_can_have_several_lines_with_a_sign_on_each(string source) => Render.Text($"a{source}b").Trim().ShouldBe("ab");

    [Fact]
    public void A_page_replaces_the_blocks_of_its_layout()
    {
        Render.TextWith(Layouts, "{% layout 'main', site: 'here' %}text {% block head %}page{% endblock %}").ShouldBe("<page|text |foot of here>");
    }

    [Fact]
    public void A_block_can_print_the_content_that_it_replaces()
    {
        Render.TextWith(Layouts, "{% layout 'section' %}{% block head %}page, {{ block.super }}{% endblock %}text")
            .ShouldBe("<page, section, main|text|foot of section>");
    }

    [Fact]
    public void Layout_none_prints_the_page_itself()
    {
        Render.TextWith(Layouts, "{% layout none %}a{% block head %}b{% endblock %}").ShouldBe("ab");
    }

    [Fact]
    public void A_partial_is_found_only_among_the_given_ones()
    {
        var options = Render.Partials(new() { ["a/b"] = "{{ b }}" });

        Render.Text("{% include 'a/b' with 1 %}{% render 'a/b' with 2 %}{% render 'a/b', b: 3 %}", options: options).ShouldBe("123");
        foreach (var name in (string[])["../a/b", "a/B", "/etc/passwd", "a/b/", ""])
        {
            Render.Error($"{{% include '{name}' %}}", options: options).Message.ShouldStartWith("there is no partial");
        }
    }

    [Fact]
    public void Rendered_partials_see_only_their_arguments()
    {
        var partials = new Dictionary<string, string> { ["p"] = "[{{ a }}{{ b }}{{ c }}]{% assign b = 1 %}{% increment n %}{% cycle 'x', 'y' %}" };
        var data = new Dictionary<string, object?> { ["a"] = "A" };

        Render.TextWith(partials, "{% assign b = 'B' %}{% for c in (1..2) %}{% render 'p' %}{% render 'p', a: a, c: c %}{% endfor %}{{ b }}{{ n }}", data)
            .ShouldBe("[]0x[A1]0x[]0x[A2]0xB");
    }

    [Fact]
    public void A_rendered_partial_cannot_include()
    {
        var options = Render.Partials(new() { ["p"] = "{% include 'q' %}", ["q"] = "" });

        Render.Error("{% render 'p' %}", options: options).Message.ShouldBe("include cannot be used within render");
    }

    [Fact]
    public void A_break_in_a_rendered_partial_ends_only_the_partial()
    {
        var partials = new Dictionary<string, string> { ["p"] = "a{% break %}b" };

        Render.TextWith(partials, "{% for i in (1..2) %}{% render 'p' %}{{ i }}{% endfor %}").ShouldBe("a1a2");
        Render.TextWith(partials, "{% for i in (1..2) %}{% include 'p' %}{{ i }}{% endfor %}c").ShouldBe("ac");
    }

    [Theory]
    [InlineData("a{% break %}b", "a")]
    [InlineData("{% capture x %}a{% continue %}b{% endcapture %}{{ x }}c", "")]
    [InlineData("{% for i in (1..3) %}{% for j in (1..3) %}{% break %}{% endfor %}{{ i }}{% endfor %}", "123")]
    [InlineData("{% for i in (1..3) %}{% case i %}{% when 2 %}{% continue %}{% endcase %}{{ i }}{% endfor %}", "13")]
    [InlineData("{% for i in (1..5) reversed limit: 2 offset: 1 %}{{ i }}{% endfor %}", "32")]
    [InlineData("{% for i in (1..5) offset: -2 limit: 4 %}{{ i }}{% endfor %}", "12")]
    [InlineData("{% for i in (1..2) %}{% assign i = 9 %}{{ i }}{% endfor %}{{ i }}", "129")]
    [InlineData("{% if false and false or true %}a{% else %}b{% endif %}", "b")]
    [InlineData("{% if true or false and false %}a{% endif %}", "a")]
    [InlineData("{% if 1 <> 2 and 'abc' contains 'b' %}a{% endif %}", "a")]
    [InlineData("{{ '}}' }}{% raw -%} {{ a }} {%- endraw %}", "}} {{ a }} ")]
    [InlineData("{{ (1..3) }} {{ 'now' | upcase }} {{ forloop }}", "1..3 NOW ")]
    [InlineData("{% capture 'quoted' %}x{% endcapture %}{{ quoted }}", "x")]
    [InlineData("{% comment %}{% raw %}{% endcomment %}{% endraw %}{% endcomment %}a", "a")]
    public void Tags_behave_as_in_the_reference_implementation(string source, string expected)
    {
        Render.Text(source).ShouldBe(expected);
    }

    [Fact]
    public void A_counter_starts_at_the_number_in_the_data_and_does_not_change_the_data()
    {
        var data = new Dictionary<string, object?> { ["n"] = 5, ["text"] = "x" };

        Render.Text("{% increment n %}{{ n }}{% decrement n %}{% increment text %}", data).ShouldBe("5650");
        data["n"].ShouldBe(5);
    }

    [Fact]
    public void A_template_can_be_rendered_by_many_threads_at_once()
    {
        var template = Render.Parse("{% for i in (1..50) %}{% cycle 'a', 'b' %}{% increment n %}{{ x }}{% capture c %}{{ c }}{{ i }}{% endcapture %}{% endfor %}{{ c }}");
        var expected = template.Render(new Dictionary<string, object?> { ["x"] = 7 }).Text;

        Parallel.For(0, 200, _ => template.Render(new Dictionary<string, object?> { ["x"] = 7 }).Text.ShouldBe(expected));
    }
}
