using PhoneNumbers;
using Sallyport.Server.Factors.Sms;

namespace Sallyport.Server.Tests.Factors.Sms;

public sealed class PhoneNumberRuleTests
{
    private static readonly PhoneNumberUtil Numbers = PhoneNumberUtil.GetInstance();

    [Theory]
    [InlineData("+14255550123", "+14255550123")]
    [InlineData("+1 (425) 555-0123", "+14255550123")]
    [InlineData(" +44 20 7946 0958 ", "+442079460958")]
    [InlineData("+44 (0)7911 123456", "+447911123456")]
    [InlineData("+49.151.23456789", "+4915123456789")]
    [InlineData("+49 / 151 / 23456789", "+4915123456789")]
    [InlineData("+39 06 6982 1234", "+390669821234")]
    [InlineData("＋３３ ６ １２ ３４ ５６ ７８", "+33612345678")]
    [InlineData("+٤٤ ٧٩١١ ١٢٣٤٥٦", "+447911123456")]
    [InlineData("\u202D+41 78 123 45 67\u202C", null)]
    [InlineData("+41\u00A078\u00A0123\u00A045\u00A067", "+41781234567")]
    public void A_number_is_read_as_people_write_it(string text, string? number) =>
        PhoneNumberRules.TryNormalize(text).ShouldBe(number);

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("+")]
    [InlineData("++")]
    [InlineData("4255550123")]
    [InlineData("0151 23456789")]
    [InlineData("00 49 151 23456789")]
    [InlineData("112")]
    [InlineData("+112")]
    [InlineData("+1911")]
    [InlineData("+49110")]
    [InlineData("+1 425 555")]
    [InlineData("+1 425 555 0123 4567")]
    [InlineData("+1 425 555 0123 ext. 5")]
    [InlineData("+14255550123;ext=5")]
    [InlineData("+14255550123,,5#")]
    [InlineData("tel:+14255550123")]
    [InlineData("+1-800-FLOWERS")]
    [InlineData("+1 ４25 CALL 123")]
    [InlineData("+999123456789")]
    [InlineData("+0 425 555 0123")]
    [InlineData("+1425555\n0123")]
    [InlineData("+14255550123\0")]
    [InlineData("+1🙂4255550123")]
    [InlineData("+1 425 555 0123 or +1 425 555 0124")]
    public void A_text_that_is_not_an_international_number_is_refused(string text) =>
        PhoneNumberRules.TryNormalize(text).ShouldBeNull();

    [Fact]
    public void A_very_long_text_is_refused() =>
        PhoneNumberRules.TryNormalize("+1" + new string('5', 100_000)).ShouldBeNull();

    [Theory]
    [InlineData("+870773111632")]
    [InlineData("+881612345678")]
    [InlineData("+882131234567890")]
    [InlineData("+979123456789")]
    [InlineData("+80012345678")]
    [InlineData("+80812345678")]
    public void A_number_that_belongs_to_no_country_is_refused(string text) =>
        PhoneNumberRules.TryNormalize(text).ShouldBeNull();

    public static TheoryData<string> Regions() => [.. Numbers.GetSupportedRegions().Order(StringComparer.Ordinal)];

    [Theory, MemberData(nameof(Regions))]
    public void Mobile_and_fixed_numbers_of_every_region_are_allowed_and_numbers_with_a_price_are_not(string region)
    {
        foreach (var type in new[] { PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE })
        {
            if (Numbers.GetExampleNumberForType(region, type) is { } allowed)
            {
                var e164 = Numbers.Format(allowed, PhoneNumberFormat.E164);
                PhoneNumberRules.TryNormalize(e164).ShouldBe(e164);
                PhoneNumberRules.TryNormalize(Numbers.Format(allowed, PhoneNumberFormat.INTERNATIONAL)).ShouldBe(e164);
            }
        }

        PhoneNumberType[] refused =
        [
            PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST, PhoneNumberType.PAGER, PhoneNumberType.VOICEMAIL, PhoneNumberType.TOLL_FREE,
            PhoneNumberType.UAN,
        ];
        foreach (var number in refused.Select(type => Numbers.GetExampleNumberForType(region, type)).OfType<PhoneNumber>())
        {
            PhoneNumberRules.TryNormalize(Numbers.Format(number, PhoneNumberFormat.E164)).ShouldBeNull();
        }
    }

    [Theory, MemberData(nameof(Regions))]
    public void Emergency_and_short_numbers_of_every_region_are_refused(string region)
    {
        var country = Numbers.GetCountryCodeForRegion(region);
        foreach (var number in new[] { "110", "112", "118", "911", "999" })
        {
            PhoneNumberRules.TryNormalize($"+{country}{number}").ShouldBeNull();
            PhoneNumberRules.TryNormalize(number).ShouldBeNull();
        }
    }
}
