using Sallyport.Server.Languages;

namespace Sallyport.Server.Tests.Languages;

public sealed class LanguageChoiceTests
{
    [Theory]
    [InlineData("en,de,fr", "de", "fr", "de")]
    [InlineData("en,de,fr", "xx de", "fr", "de")]
    [InlineData("en,de,fr", "fr de", null, "fr")]
    [InlineData("en,de,fr", null, "fr;q=0.5, de;q=0.9", "de")]
    [InlineData("en,de,fr", null, "sv, fr", "fr")]
    [InlineData("en,de,fr", "sv", "pl", "en")]
    [InlineData("de,en", null, null, "de")]
    [InlineData("de,en", null, "*", "de")]
    [InlineData("en,de", "DE_at", null, "de")]
    [InlineData("en,de-AT,de", "de-AT", null, "de-AT")]
    [InlineData("en,de-AT", "de-CH", null, "de-AT")]
    [InlineData("en,es,es-419", "es-MX", null, "es")]
    [InlineData("en,pt-BR", "pt-PT", null, "pt-BR")]
    [InlineData("en,zh-CN", "zh", null, "zh-Hans")]
    [InlineData("en,zh-Hans", "zh-SG", null, "zh-Hans")]
    public void A_person_gets_the_first_language_of_theirs_that_the_tenant_offers(
        string enabled, string? uiLocales, string? acceptLanguage, string expected)
    {
        LanguageChoice.Choose(enabled.Split(','), uiLocales, acceptLanguage).Tag.ShouldBe(expected);
    }

    /// <summary>Whoever reads traditional characters reads a second language that they named before the simplified ones.</summary>
    [Theory]
    [InlineData("zh-TW, en;q=0.5", "en")]
    [InlineData("zh-TW, zh, en;q=0.5", "en")]
    [InlineData("zh-TW, sv", "zh-Hans")]
    [InlineData("zh-HK", "zh-Hans")]
    [InlineData("zh-Hans-TW, en", "zh-Hans")]
    public void The_other_script_of_Chinese_comes_before_nothing_at_all_and_after_every_other_wish(string acceptLanguage, string expected)
    {
        LanguageChoice.Choose(["fr", "en", "zh-CN"], null, acceptLanguage).Tag.ShouldBe(expected);
    }

    [Fact]
    public void A_tenant_that_names_no_language_of_ours_speaks_English()
    {
        LanguageChoice.Choose(null, "de", "de").Tag.ShouldBe("en");
        LanguageChoice.Choose([], "de", "de").Tag.ShouldBe("en");
        LanguageChoice.Choose(["sv", "fi"], "de", "de").Tag.ShouldBe("en");
        LanguageChoice.Choose(["sv", "de"], null, null).Tag.ShouldBe("de");
    }

    [Theory]
    [InlineData("fr", "fr")]
    [InlineData("fr-CA", "fr-CA")]
    [InlineData("sv", "de")]
    [InlineData(null, "de")]
    [InlineData("'; DROP TABLE", "de")]
    public void A_mail_is_written_in_the_language_that_was_asked_for(string? emailLocale, string expected)
    {
        LanguageChoice.ChooseForMail(["de", "en"], emailLocale).Tag.ShouldBe(expected);
    }

    [Fact]
    public void Only_Arabic_runs_from_right_to_left()
    {
        Language.All.Where(language => language.Direction == "rtl").Select(language => language.Name).ShouldBe(["ar"]);
    }

    [Theory]
    [InlineData("de;q=0.5,en;q=0.8", "en de")]
    [InlineData(" de ; q=1 , en ;q=0.9", "de en")]
    [InlineData("de;q=0,en", "en")]
    [InlineData("de;q=,fr;q=x,it;q=2,nl;q=-1,en", "en")]
    [InlineData(",,;,;;q=1,en", "en")]
    [InlineData("en;q=0.5;level=1,de", "de")]
    public void A_header_is_read_by_its_qualities_and_what_is_broken_in_it_is_left_out(string header, string expected)
    {
        AcceptLanguage.Parse(header).ShouldBe(expected.Split(' '));
    }

    [Fact]
    public void A_header_of_any_length_is_little_work()
    {
        var header = string.Concat(Enumerable.Repeat("xx-yy;q=0.1,", 100_000)) + "de";

        AcceptLanguage.Parse(header).Count.ShouldBeLessThanOrEqualTo(64);
        LanguageChoice.Choose(["en", "de"], new string(' ', 10_000) + "de", header).Tag.ShouldBe("de");
    }
}
