using Sallyport.Server.Dashboard.Components;

namespace Sallyport.Server.Tests.Dashboard;

public sealed class LineDifferenceTests
{
    [Fact]
    public void Changed_lines_are_shown_with_three_lines_around_them_and_with_their_numbers()
    {
        var before = Lines(1, 20);

        var lines = LineDifference.Of(before, before.Replace("line 10", "changed").Replace("line 20", "line 20\nlast"))!;

        Text(lines).ShouldBe(
        [
            "Gap 6 ", "Same 7 line 7", "Same 8 line 8", "Same 9 line 9", "Removed 10 line 10", "Added 10 changed", "Same 11 line 11", "Same 12 line 12",
            "Same 13 line 13", "Gap 4 ", "Same 18 line 18", "Same 19 line 19", "Same 20 line 20", "Added 21 last",
        ]);
    }

    [Fact]
    public void Numbers_of_removed_lines_are_those_of_the_old_text()
    {
        Text(LineDifference.Of("a\nb\nc", "c")!).ShouldBe(["Removed 1 a", "Removed 2 b", "Same 1 c"]);
        Text(LineDifference.Of("c", "a\nb\nc")!).ShouldBe(["Added 1 a", "Added 2 b", "Same 3 c"]);
    }

    [Fact]
    public void Equal_texts_have_no_difference() => LineDifference.Of(Lines(1, 5), Lines(1, 5))!.ShouldBeEmpty();

    [Fact]
    public void A_change_in_white_space_is_a_difference() => LineDifference.Of("a\n b", "a\n  b")!.Count.ShouldBe(3);

    [Fact]
    public void The_longest_texts_are_compared_quickly_and_longer_ones_not_at_all()
    {
        LineDifference.Of(Lines(1, 5000), Lines(5001, 5000))!.Count.ShouldBe(10_000);
        LineDifference.Of("", Lines(1, 5001)).ShouldBeNull();
    }

    private static string Lines(int first, int count) => string.Join('\n', Enumerable.Range(first, count).Select(number => $"line {number}"));

    private static string[] Text(IReadOnlyList<DifferenceLine> lines) => [.. lines.Select(line => $"{line.Change} {line.Number} {line.Text}")];
}
