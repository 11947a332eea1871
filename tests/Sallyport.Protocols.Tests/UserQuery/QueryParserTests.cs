using System.Diagnostics;
using Sallyport.Protocols.UserQuery;

namespace Sallyport.Protocols.Tests.UserQuery;

public sealed class QueryParserTests
{
    private static readonly Row[] Rows = [.. Vectors.Read<Row>("UserQuery/Vectors/queries.json")];

    public static TheoryData<string, string, string> Queries() => new(Rows.Select(row => (row.Source, row.Query, row.Tree)));

    public static TheoryData<string, string, int> Refused() =>
        new(Vectors.Read<Refusal>("UserQuery/Vectors/refused.json").Select(row => (row.Query, row.Message, row.Position)));

    [Theory]
    [MemberData(nameof(Queries))]
    public void A_query_has_the_documented_meaning(string source, string query, string tree) =>
        Parse(query)!.ToString().ShouldBe(tree, source);

    [Theory]
    [MemberData(nameof(Queries))]
    public void The_text_of_a_tree_is_a_query_for_the_same_tree(string source, string query, string tree)
    {
        query.ShouldNotBeEmpty();

        Parse(tree)!.ToString().ShouldBe(tree, source);
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void Unsupported_or_incomplete_syntax_is_refused_at_its_position(string query, string message, int position)
    {
        QueryParser.TryParse(query, QueryLimits.Default, out var node, out var error).ShouldBeFalse(query);

        node.ShouldBeNull();
        error!.Message.ShouldContain(message);
        error.Position.ShouldBe(position, error.ToString());
        error.ToString().ShouldEndWith($", at character {position}");
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \t\u00a0\n")]
    public void A_blank_query_has_no_tree(string query) => Parse(query).ShouldBeNull();

    [Fact]
    public void Leaves_have_their_positions()
    {
        var and = Parse("name:joh*  logins_count:{1 TO 2]").ShouldBeOfType<OrNode>();

        var term = and.Nodes[0].ShouldBeOfType<TermNode>();
        (term.Field!.Position, term.Position).ShouldBe((1, 6));
        var range = and.Nodes[1].ShouldBeOfType<RangeNode>();
        (range.Field.Position, range.Lower!.Position, range.Upper!.Position).ShouldBe((12, 26, 31));
        (range.Lower.IsInclusive, range.Upper.IsInclusive).ShouldBe((false, true));
    }

    [Theory]
    [InlineData("ada", "ada", true)]
    [InlineData("ada", "Ada", false)]
    [InlineData("ada", "adam", false)]
    [InlineData("ada*", "ada", true)]
    [InlineData("ada*", "adam", true)]
    [InlineData("ada*", "xada", false)]
    [InlineData("*ada", "xada", true)]
    [InlineData("*ada", "adam", false)]
    [InlineData("*ada*", "xadax", true)]
    [InlineData("*ada*", "adax", true)]
    [InlineData("*ada*", "axdxa", false)]
    [InlineData("*ADA*", "xadax", false)]
    [InlineData("ab*ba", "abba", true)]
    [InlineData("ab*ba", "aba", false)]
    [InlineData("a*bc*c", "abc", false)]
    [InlineData("a*bc*c", "a.bc.bcc", true)]
    [InlineData("a*bc*bc*", "a.bc", false)]
    [InlineData("a*bc*bc*", "abcbc", true)]
    [InlineData("ab*ab*", "ab", false)]
    [InlineData("a\\*b", "a*b", true)]
    [InlineData("a\\*b", "axb", false)]
    public void A_pattern_matches_a_text(string query, string text, bool isMatch) =>
        Parse(query).ShouldBeOfType<TermNode>().Pattern.Matches(text).ShouldBe(isMatch);

    [Theory]
    [InlineData("a", true, false, false)]
    [InlineData("a*", false, true, false)]
    [InlineData("*", false, true, true)]
    [InlineData("*abc", false, false, false)]
    [InlineData("abc*d", false, false, false)]
    [InlineData("*abc*", false, false, false)]
    public void The_form_of_a_pattern_is_known(string word, bool isExact, bool isPrefix, bool isAny)
    {
        var pattern = Parse("name:" + word).ShouldBeOfType<TermNode>().Pattern;

        (pattern.IsExact, pattern.IsPrefix, pattern.IsAny).ShouldBe((isExact, isPrefix, isAny));
    }

    [Theory]
    [InlineData(20, '(', true)]
    [InlineData(21, '(', false)]
    [InlineData(4000, '(', false)]
    public void Parentheses_are_limited(int count, char opening, bool isAllowed)
    {
        var query = new string(opening, count) + "a" + new string(')', count);

        QueryParser.TryParse(query, QueryLimits.Default, out _, out var error).ShouldBe(isAllowed);

        (error?.Position ?? 21).ShouldBe(21);
    }

    [Theory]
    [InlineData(200, true)]
    [InlineData(201, false)]
    public void Clauses_are_limited(int count, bool isAllowed)
    {
        var query = "email:(" + string.Join(" OR ", Enumerable.Range(0, count).Select(i => $"a{i}@x")) + ")";

        QueryParser.TryParse(query, QueryLimits.Default, out _, out var error).ShouldBe(isAllowed);

        (error?.Message ?? "200 clauses").ShouldContain("200 clauses");
    }

    [Theory]
    [InlineData(256, true)]
    [InlineData(257, false)]
    public void The_length_of_a_pattern_is_limited(int count, bool isAllowed)
    {
        var text = new string('a', count);

        QueryParser.TryParse($"name:*{text}", QueryLimits.Default, out _, out var error).ShouldBe(isAllowed);
        QueryParser.TryParse($"name:{text}*", QueryLimits.Default, out _, out _).ShouldBe(isAllowed);
        QueryParser.TryParse($"name:{text}", QueryLimits.Default, out _, out _).ShouldBeTrue();

        (error?.Message ?? "256 other characters").ShouldContain("256 other characters");
    }

    [Fact]
    public void The_length_is_limited()
    {
        QueryParser.TryParse(new string('a', 8192), QueryLimits.Default, out _, out _).ShouldBeTrue();
        QueryParser.TryParse(new string('a', 8193), QueryLimits.Default, out _, out var error).ShouldBeFalse();

        error!.Message.ShouldContain("8192 characters");
    }

    [Theory]
    [InlineData("-")]
    [InlineData("NOT ")]
    [InlineData("a ")]
    [InlineData("(a) ")]
    [InlineData("a\\*")]
    [InlineData("*a")]
    [InlineData("\"a\" ")]
    [InlineData("a AND ")]
    [InlineData("name:[1 TO *] ")]
    public void Time_is_linear_in_the_length(string part)
    {
        var limits = new QueryLimits { MaxLength = int.MaxValue, MaxClauses = int.MaxValue, MaxDepth = 50, MaxWildcards = int.MaxValue };
        var query = string.Concat(Enumerable.Repeat(part, 1_000_000 / part.Length));
        var started = Stopwatch.GetTimestamp();

        QueryParser.TryParse(query, limits, out _, out _);

        // Quadratic time would be minutes.
        Stopwatch.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(10));
    }

    private static QueryNode? Parse(string query)
    {
        QueryParser.TryParse(query, QueryLimits.Default, out var node, out var error).ShouldBeTrue(error?.ToString());
        return node;
    }

    private sealed record Row(string Source, string Query, string Tree);

    private sealed record Refusal(string Query, string Message, int Position);
}
