namespace Sallyport.Protocols.Tests;

public sealed class GeneratorTests
{
    [Fact]
    public void It_yields_the_published_numbers_of_SplitMix64()
    {
        // Source: Vigna's splitmix64.c with seed 1234567.
        var generator = new Generator(1234567);

        ulong[] numbers = [generator.NextUInt64(), generator.NextUInt64(), generator.NextUInt64()];

        numbers.ShouldBe([6457827717110365317UL, 3203168211198807973UL, 9817491932198370423UL]);
    }

    [Fact]
    public void The_same_seed_yields_the_same_text_and_another_seed_another()
    {
        var text = new Generator(1).AnyText(20);

        new Generator(1).AnyText(20).ShouldBe(text);
        new Generator(2).AnyText(20).ShouldNotBe(text);
    }

    [Fact]
    public void A_number_stays_within_its_bounds_and_reaches_both()
    {
        var generator = new Generator(3);

        var numbers = Enumerable.Range(0, 1000).Select(_ => generator.Next(-2, 3)).Distinct().Order();

        numbers.ShouldBe([-2, -1, 0, 1, 2]);
    }
}
