using Sallyport.Server.Factors.Sms.Guard;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Tests.Factors.Sms.Guard;

/// <summary>Where a number leads, and when a destination has collapsed.</summary>
public sealed class PhoneLimitTests
{
    [Theory]
    [InlineData("+4915123456789", "DE", "DE-49151")]
    [InlineData("+14255550123", "US", "US-1425")]
    [InlineData("+18765550123", "JM", "JM-1876")]
    [InlineData("+77012345678", "KZ", "KZ-7701")]
    [InlineData("+37122123456", "LV", "LV-371221")]
    [InlineData("+4940", "DE", "DE-4940")]
    public void A_number_leads_to_a_country_and_to_its_first_digits(string number, string country, string prefix) =>
        PhoneDestination.TryFind(number).ShouldBe(new PhoneDestination(country, prefix));

    [Theory]
    [InlineData("+19005550123")]
    [InlineData("+491805123456")]
    [InlineData("+449098790879")]
    [InlineData("+979123456789")]
    [InlineData("+881612345678")]
    [InlineData("4915123456789")]
    [InlineData("")]
    public void Premium_rate_numbers_and_numbers_without_a_country_have_no_destination(string number) =>
        PhoneDestination.TryFind(number).ShouldBeNull();

    [Theory]
    [InlineData("+4915123456789", true)]
    [InlineData("+14255550123", false)]
    public void Only_allowed_countries_get_messages(string number, bool isAllowed)
    {
        (Limits(countries: ["DE", "AT"]).TryFind(number) is not null).ShouldBe(isAllowed);
        Limits(countries: []).TryFind(number).ShouldNotBeNull();
    }

    [Theory]
    [InlineData(49, 0, false)]
    [InlineData(50, 0, true)]
    [InlineData(50, 4, true)]
    [InlineData(50, 5, false)]
    [InlineData(1_000_000, 99_999, true)]
    [InlineData(1_000_000, 100_000, false)]
    public void A_destination_has_collapsed_when_enough_codes_were_sent_and_too_few_entered(long sent, long entered, bool hasCollapsed) =>
        Limits().HasCollapsed(new DestinationUsage("LV", sent, entered)).ShouldBe(hasCollapsed);

    [Fact]
    public void A_share_of_zero_switches_the_watch_off() =>
        (Limits() with { MinEnteredPercent = 0 }).HasCollapsed(new DestinationUsage("LV", 1_000_000, 0)).ShouldBeFalse();

    private static PhoneLimits Limits(params string[] countries) => new(TenantId.Default, countries)
    {
        MaxPerHour = 1,
        MaxPerPrefixAndHour = 1,
        MinEnteredPercent = 10,
        MinCodes = 50,
    };
}
