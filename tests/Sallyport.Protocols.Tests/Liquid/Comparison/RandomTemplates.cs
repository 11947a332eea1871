using System.Text;

namespace Sallyport.Protocols.Tests.Liquid.Comparison;

/// <summary>
/// Templates of all tags that both engines know. Every block has text in it, because the reference implementation, unlike liquidjs, does not
/// print the white space of a block that holds nothing else. Left out: ifchanged, doc, nested comments and parentloop, which liquidjs lacks.
/// </summary>
internal sealed class RandomTemplates
{
    private readonly Choices _random;
    private readonly RandomExpressions _expressions;
    private int _names;

    public RandomTemplates(Choices random)
    {
        _random = random;
        _expressions = new RandomExpressions(random);
    }

    public static Dictionary<string, string> Partials { get; } = new()
    {
        ["card"] = "[{{ card.name }}|{{ who }}|{{ name }}]",
        ["row"] = "{{ forloop.index }}/{{ forloop.length }}:{{ it.name | default: it }}{% unless forloop.last %},{% endunless %}",
        ["note"] = "note {{ who | upcase }} {% if loud %}!{% endif %}{% assign noted = who %}",
        ["main"] = "<{% block head %}main {{ name }}{% endblock %}><{% block %}{% endblock %}><{% block foot %}f{% endblock %}>",
        ["inner"] = "{% layout 'main' %}{% block head %}inner {{ block.super }}{% endblock %}rest",
    };

    public string Create()
    {
        var text = new StringBuilder();
        if (_random.Chance(6))
        {
            text.Append("{% layout '").Append(_random.Pick("main", "inner")).Append("' %}");
            text.Append("{% block ").Append(_random.Pick("head", "foot")).Append(" %}").Append(Body(1)).Append("{{ block.super }}{% endblock %}");
        }

        for (var i = _random.Below(6) + 1; i > 0; i--)
        {
            text.Append(Node(3)).Append(Words());
        }

        return text.ToString();
    }

    private string Body(int depth)
    {
        var text = new StringBuilder(Words());
        for (var i = _random.Below(3); i > 0; i--)
        {
            text.Append(Node(depth - 1)).Append(_random.Chance(50) ? Words() : "");
        }

        return text.ToString();
    }

    private string Node(int depth) => depth <= 0 || _random.Chance(35) ? Leaf() : Compound(depth);

    private string Leaf() => _random.Below(16) switch
    {
        < 7 => Output(_expressions.Printable(2)),
        7 => Assign(),
        8 => Tag($"increment {_random.Pick("counter", "n", "c2")}"),
        9 => Tag($"decrement {_random.Pick("counter", "c3")}"),
        10 => Cycle(),
        11 => Tag($"echo {_expressions.Printable(1)}") + "|",
        12 => Tag("comment") + "gone {{ nothing }}" + Tag("endcomment"),
        13 => Tag("# inline") + Tag("raw") + " {{ raw }} {% tag %} {% endraw %}",
        14 => Lines(),
        _ => Partial(),
    };

    private string Compound(int depth) => _random.Below(8) switch
    {
        0 or 1 => Conditional(depth),
        2 => Case(depth),
        3 or 4 => For(depth),
        5 => TableRow(),
        6 => Capture(depth),
        _ => ContinuedFor(),
    };

    private string Conditional(int depth)
    {
        var name = _random.Pick("if", "if", "unless");
        var text = new StringBuilder(Tag($"{name} {_expressions.Condition(2)}")).Append(Body(depth));
        for (var i = _random.Below(3); i > 0; i--)
        {
            text.Append(Tag($"elsif {_expressions.Condition(1)}")).Append(Body(depth));
        }

        if (_random.Chance(50))
        {
            text.Append(Tag("else")).Append(Body(depth));
        }

        return text.Append(Tag("end" + name)).ToString();
    }

    // No value is listed twice and nothing follows the else: the reference implementation prints a block once per value that matches.
    private string Case(int depth)
    {
        var isText = _random.Chance(50);
        var text = new StringBuilder(Tag($"case {(isText ? "name" : "m")}"));
        text.Append(Tag("when " + (isText ? "'alpha', 'Beta'" : "1, 2"))).Append(Body(depth));
        text.Append(Tag("when " + (isText ? "'x' or 'z'" : "3 or 4"))).Append(Body(depth));
        if (_random.Chance(60))
        {
            text.Append(Tag("else")).Append(Body(depth));
        }

        return text.Append(Tag("endcase")).ToString();
    }

    // An else only without options: it prints here, and not in liquidjs, when the options leave nothing of the list.
    private string For(int depth)
    {
        var item = "i" + _names++;
        var options = new StringBuilder();
        options.Append(_random.Chance(25) ? " reversed" : "");
        options.Append(_random.Chance(25) ? $" limit: {_random.Below(4)}" : "").Append(_random.Chance(25) ? $", offset: {_random.Below(3)}" : "");
        var head = Tag($"for {item} in {_expressions.Collection()}{options}");
        var property = _random.Pick("index", "index0", "rindex", "rindex0", "first", "last", "length", "name");
        var leave = _random.Chance(25) ? $"{{% if forloop.index {_random.Pick(">", "==")} 2 %}}b{{% {_random.Pick("break", "continue")} %}}{{% endif %}}" : "";
        var otherwise = options.Length == 0 && _random.Chance(40) ? Tag("else") + Body(depth) : "";
        return head + leave + Output(item) + Output("forloop." + property) + Body(depth) + otherwise + Tag("endfor");
    }

    private string ContinuedFor()
    {
        var item = "c" + _names++;
        var list = _random.Pick("tags", "nums", "items", "user.roles");
        var first = Tag($"for {item} in {list} limit: {_random.Below(3) + 1}") + "a{{ forloop.index }}" + Tag("endfor");
        return first + Words() + Tag($"for {item} in {list} offset: continue") + "b{{ forloop.rindex }}" + Tag("endfor");
    }

    // Without break, which liquidjs does not expect in a table, and not within capture, where the line breaks would count.
    private string TableRow()
    {
        var options = (_random.Chance(60) ? $" cols: {_random.Below(4) + 1}" : "") + (_random.Chance(30) ? $" limit: {_random.Below(4)}" : "")
            + (_random.Chance(30) ? $" offset: {_random.Below(3)}" : "");
        var property = _random.Pick("col", "col0", "col_first", "col_last", "row", "index", "rindex0", "first", "last", "length");
        return Tag($"tablerow t in {_random.Pick("tags", "nums", "(1..5)", "none")}{options}", trims: false)
            + "{{ t }} {{ tablerowloop." + property + " }}" + Tag("endtablerow", trims: false);
    }

    private string Capture(int depth)
    {
        var name = "v" + _names++;
        var body = Words() + Leaf() + (depth > 1 ? Leaf() : "") + Words();
        return Tag($"capture {name}") + body + Tag("endcapture") + Output(name + " | append: '.'");
    }

    private string Assign()
    {
        var name = "v" + _names++;
        if (_random.Chance(50))
        {
            var text = Tag($"assign {name} = {_expressions.Text(2)}");
            _expressions.TextNames.Add(name);
            return text;
        }

        return Tag($"assign {name} = {_expressions.Number(2)}") + Output(name);
    }

    // Each name always with the same values: liquidjs keeps a position per name and values, the reference implementation per name.
    private string Cycle() => Tag("cycle " + _random.Pick("'a', 'b', 'c'", "1, 2", "'g': 'x', 'y'", "name: 'p', 'q', 'r'", "name, title"));

    private string Lines()
    {
        var condition = _expressions.Condition(0);
        return $"{{% liquid\n  assign lq = {_expressions.Text(1)}\n  if {condition}\n    echo lq\n  else\n    echo 'no'\n  endif\n  # note\n%}}";
    }

    private string Partial() => _random.Below(6) switch
    {
        0 => Tag("render 'card', who: name"),
        1 => Tag($"render 'card' with {_random.Pick([.. _expressions.ItemNames])}, who: 'w'"),
        2 => Tag($"render 'row' for {_random.Pick("items", "tags", "none")} as it"),
        3 => Tag($"include 'note', who: {_random.Pick("name", "'inc'")}, loud: {_random.Pick("flag", "off")}") + "{{ noted }}",
        4 => Tag("include 'card' with items[0]"),
        _ => Tag($"render 'note' who: {_expressions.Quoted()}, loud: true"),
    };

    // A sign behind it, so that 5.0 followed by 6 is not taken for 5.06 when floats are made equal.
    private string Output(string expression)
    {
        var (left, right) = (_random.Chance(10) ? "-" : "", _random.Chance(10) ? "-" : "");
        return $"{{{{{left} {expression} {right}}}}}|";
    }

    private string Tag(string markup, bool trims = true)
    {
        var (left, right) = (trims && _random.Chance(12) ? "-" : "", trims && _random.Chance(12) ? "-" : "");
        return $"{{%{left} {markup} {right}%}}";
    }

    private string Words() => _random.Pick(" a ", "b\n", "\n  c", " d. ", "e", " <p>\n", "é ", "{ x }", "%} ", "}} ");
}
