using Sallyport.Server.Messages;

namespace Sallyport.Server.Tests.Messages;

public sealed class HeaderTextTests
{
    [Theory]
    [InlineData("Acme", "Acme")]
    [InlineData("Acme\r\nBcc: x", "Acme Bcc: x")]
    [InlineData("Ada\tLovelace", "Ada Lovelace")]
    [InlineData("Ada \r\n\t Lovelace", "Ada Lovelace")]
    [InlineData("Ada\u2028Lovelace\u0085Countess", "Ada Lovelace Countess")]
    [InlineData("Ada  Lovelace", "Ada  Lovelace")]
    [InlineData("\r\n Ada \0", "Ada")]
    [InlineData("\u202Egnp.exe\u200B", "gnp.exe")]
    [InlineData(" \r\n ", "")]
    [InlineData("", "")]
    public void Control_characters_between_words_become_one_blank(string text, string line) => HeaderText.Clean(text, 100).ShouldBe(line);

    [Theory]
    [InlineData("\u0645\u06CC\u200C\u062E\u0648\u0627\u0647\u0645")] // Persian: a non-joiner within a word
    [InlineData("\u0915\u094D\u200D\u0937")] // Devanagari: a joiner after a virama
    [InlineData("Ada \U0001F469\U0001F3FD\u200D\U0001F680")] // an astronaut with a skin tone
    [InlineData("\U0001F3F3\uFE0F\u200D\U0001F308")] // a flag of two emoji
    [InlineData("\U0001F642\u200D\u2194\uFE0F")] // a head that shakes
    public void Joiners_within_words_and_emoji_are_kept(string text) => HeaderText.Clean(text, 100).ShouldBe(text);

    [Theory]
    [InlineData("a\u200Dcme", "acme")]
    [InlineData("\u0430\u200C\u0431", "\u0430\u0431")]
    [InlineData("\u200D\u0645\u06CC\u200C", "\u0645\u06CC")]
    [InlineData("\u0645 \u200C\u06CC", "\u0645 \u06CC")]
    [InlineData("\u0645\u200C\r\n\u06CC", "\u0645 \u06CC")]
    [InlineData("\u0645\u200C\u200C\u06CC", "\u0645\u200C\u06CC")]
    [InlineData("\u0645\u202E\u06CC\u200F", "\u0645\u06CC")]
    [InlineData("\U0001F469\u200C\U0001F680", "\U0001F469\U0001F680")]
    public void Other_invisible_characters_are_removed(string text, string line) => HeaderText.Clean(text, 100).ShouldBe(line);

    [Fact]
    public void A_long_text_is_cut_between_characters()
    {
        HeaderText.Clean("abc\U0001F600", 4).ShouldBe("abc…");
        HeaderText.Clean("abcd\U0001F600", 4).ShouldBe("abcd…");
        HeaderText.Clean("abcd", 4).ShouldBe("abcd");
    }
}
