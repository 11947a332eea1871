using Sallyport.Server.Security;

namespace Sallyport.Server.Tests.Security;

/// <summary>The rules of links that work once. The features that use them prove the single use with races on both engines.</summary>
public sealed class OneTimeLinksTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_new_id_can_be_parsed_and_is_not_printed()
    {
        var id = LinkId.New();

        LinkId.TryParse(id.Value, out var parsed).ShouldBeTrue();
        parsed.ShouldBe(id);
        id.ToString().ShouldBe("***");
        id.Value.Length.ShouldBe(32);
        LinkId.New().ShouldNotBe(id);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a\0")]
    [InlineData("é")]
    [InlineData("../x")]
    public void A_text_that_cannot_be_an_id_is_not_looked_up(string? text) => LinkId.TryParse(text, out _).ShouldBeFalse();

    [Fact]
    public void An_id_that_is_too_long_is_not_looked_up()
    {
        LinkId.TryParse(new string('a', 128), out _).ShouldBeTrue();
        LinkId.TryParse(new string('a', 129), out _).ShouldBeFalse();
    }

    [Fact]
    public void A_link_is_open_until_it_is_used_ended_or_expires()
    {
        new LinkTimes(Now.AddSeconds(1), UsedAt: null, EndedAt: null).StateAt(Now).ShouldBe(LinkState.Open);
        new LinkTimes(Now, UsedAt: null, EndedAt: null).StateAt(Now).ShouldBe(LinkState.Expired);
        new LinkTimes(Now.AddSeconds(1), Now, EndedAt: null).StateAt(Now).ShouldBe(LinkState.Used);
        new LinkTimes(Now, Now, EndedAt: null).StateAt(Now).ShouldBe(LinkState.Used);
        new LinkTimes(Now.AddSeconds(1), UsedAt: null, Now).StateAt(Now).ShouldBe(LinkState.Ended);
        new LinkTimes(Now, UsedAt: null, Now).StateAt(Now).ShouldBe(LinkState.Ended);
    }
}
