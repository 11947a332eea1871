using System.Text.RegularExpressions;
using PhoneNumbers;
using Sallyport.Server.Tests.Architecture;

namespace Sallyport.Server.Tests.Factors.Sms;

/// <summary>The dial codes that the widget offers.</summary>
public sealed partial class CountryListTests
{
    [Fact]
    public async Task The_list_of_the_widget_is_that_of_libphonenumber()
    {
        var script = await File.ReadAllTextAsync(
            Path.Combine(Repository.Root, "src", "Sallyport.Server", "wwwroot", "js", "mfa-widget", "modules", "countries.js"), CancellationToken.None);
        var listed = Entry().Matches(script).ToDictionary(entry => int.Parse(entry.Groups[1].Value, null), entry => entry.Groups[2].Value.Split(' '));
        var numbers = PhoneNumberUtil.GetInstance();

        foreach (var known in numbers.GetSupportedRegions().GroupBy(numbers.GetCountryCodeForRegion))
        {
            listed.ShouldContainKey(known.Key);
            listed[known.Key].ShouldBe(known, ignoreOrder: true);
            listed[known.Key][0].ShouldBe(numbers.GetRegionCodeForCountryCode(known.Key));
        }

        listed.Values.Sum(regions => regions.Length).ShouldBe(numbers.GetSupportedRegions().Count);
    }

    [GeneratedRegex("(?<=['|])([0-9]{1,3})([A-Z]{2}(?: [A-Z]{2})*)")]
    private static partial Regex Entry();
}
