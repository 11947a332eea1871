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

    [Fact]
    public void A_long_text_is_cut_between_characters()
    {
        HeaderText.Clean("abc\U0001F600", 4).ShouldBe("abc…");
        HeaderText.Clean("abcd\U0001F600", 4).ShouldBe("abcd…");
        HeaderText.Clean("abcd", 4).ShouldBe("abcd");
    }
}
