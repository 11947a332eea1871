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
    public void The_first_wanted_language_that_the_tenant_offers_is_chosen(
        string enabled, string? uiLocales, string? acceptLanguage, string expected)
    {
        LanguageChoice.Choose(enabled.Split(','), uiLocales, acceptLanguage).Tag.ShouldBe(expected);
    }

    /// <summary>Readers of traditional Chinese get another language that they named rather than simplified Chinese.</summary>
    [Theory]
    [InlineData("zh-TW, en;q=0.5", "en")]
    [InlineData("zh-TW, zh, en;q=0.5", "en")]
    [InlineData("zh-TW, sv", "zh-Hans")]
    [InlineData("zh-HK", "zh-Hans")]
    [InlineData("zh-Hans-TW, en", "zh-Hans")]
    public void Chinese_in_the_other_script_is_chosen_only_if_no_other_wanted_language_is_offered(string acceptLanguage, string expected)
    {
        LanguageChoice.Choose(["fr", "en", "zh-CN"], null, acceptLanguage).Tag.ShouldBe(expected);
    }

    [Fact]
    public void Without_a_supported_language_of_the_tenant_English_is_chosen()
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
    public void A_mail_is_in_the_requested_language(string? emailLocale, string expected)
    {
        LanguageChoice.ChooseForMail(["de", "en"], emailLocale).Tag.ShouldBe(expected);
    }

    [Fact]
    public void Only_Arabic_is_written_from_right_to_left()
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
    public void A_header_is_ordered_by_quality_and_malformed_parts_are_ignored(string header, string expected)
    {
        AcceptLanguage.Parse(header).ShouldBe(expected.Split(' '));
    }

    [Fact]
    public void Only_the_first_parts_of_a_long_header_are_read()
    {
        var header = string.Concat(Enumerable.Repeat("xx-yy;q=0.1,", 100_000)) + "de";

        AcceptLanguage.Parse(header).Count.ShouldBeLessThanOrEqualTo(64);
        LanguageChoice.Choose(["en", "de"], new string(' ', 10_000) + "de", header).Tag.ShouldBe("de");
    }
}
