using System.Globalization;
using System.Text.RegularExpressions;
using PhoneNumbers;

namespace Sallyport.Server.Factors.Sms.Guard;

/// <summary>The country and number range of a phone number. Toll fraud uses ranges of numbers, so messages are counted by their first digits.</summary>
/// <param name="Country">The ISO 3166 code.</param>
/// <param name="Prefix">The country, the country calling code and the first digits after it, such as <c>LV-371221</c>.</param>
internal sealed partial record PhoneDestination(string Country, string Prefix)
{
    private const int PrefixDigits = 3;

    /// <summary>Networks that belong to no country, such as satellite phones.</summary>
    private const string NoCountry = "001";

    private static readonly PhoneNumberUtil Numbers = PhoneNumberUtil.GetInstance();

    /// <summary>Whether the text has the form of a <see cref="Country"/> or of a <see cref="Prefix"/>.</summary>
    public static bool IsName(string text) => Name().IsMatch(text);

    /// <param name="number">E.164.</param>
    /// <returns>Null for premium-rate and shared-cost numbers, and for numbers without a country. Nothing is ever sent to those.</returns>
    public static PhoneDestination? TryFind(string number)
    {
        PhoneNumber parsed;
        try
        {
            parsed = Numbers.Parse(number, defaultRegion: null);
        }
        catch (NumberParseException)
        {
            return null;
        }

        // An administrator may have stored a number that is not valid; the gateway decides about it.
        var country = Numbers.GetRegionCodeForNumber(parsed) ?? Numbers.GetRegionCodeForCountryCode(parsed.CountryCode);
        if (country is NoCountry or "ZZ" || Numbers.GetNumberType(parsed) is PhoneNumberType.PREMIUM_RATE or PhoneNumberType.SHARED_COST)
        {
            return null;
        }

        var digits = Numbers.GetNationalSignificantNumber(parsed);
        var code = parsed.CountryCode.ToString(CultureInfo.InvariantCulture);
        return new PhoneDestination(country, $"{country}-{code}{digits[..Math.Min(digits.Length, PrefixDigits)]}");
    }

    [GeneratedRegex(@"\A[A-Z]{2}(-[0-9]{1,7})?\z")]
    private static partial Regex Name();
}
