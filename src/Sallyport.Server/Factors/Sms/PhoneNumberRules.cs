using System.Text.RegularExpressions;
using PhoneNumbers;

namespace Sallyport.Server.Factors.Sms;

/// <summary>Decides which phone numbers a person may enroll: valid numbers of a country, without premium rates or shared costs.</summary>
internal static partial class PhoneNumberRules
{
    /// <summary>Stands for an unknown country, so only international numbers are parsed.</summary>
    private const string UnknownRegion = "ZZ";

    /// <summary>
    /// The region of networks that belong to no country, such as satellite phones (+870, +881) and international premium-rate numbers (+979).
    /// Messages to them are expensive, and some pay their owner for each.
    /// </summary>
    private const string NoCountry = "001";

    private static readonly PhoneNumberUtil Numbers = PhoneNumberUtil.GetInstance();

    /// <param name="text">With the country code, and blanks and punctuation as people write them.</param>
    /// <returns>In E.164; null if the number may not be enrolled.</returns>
    public static string? TryNormalize(string text)
    {
        if (!Written().IsMatch(text))
        {
            return null;
        }

        try
        {
            var number = Numbers.Parse(text, UnknownRegion);
            return IsAllowed(number) ? Numbers.Format(number, PhoneNumberFormat.E164) : null;
        }
        catch (NumberParseException)
        {
            return null;
        }
    }

    /// <summary>An emergency or short number is valid in no country when it is written with the country code.</summary>
    private static bool IsAllowed(PhoneNumber number) =>
        Numbers.IsValidNumber(number)
        && Numbers.GetRegionCodeForNumber(number) is not (null or NoCountry or UnknownRegion)
        && Numbers.GetNumberType(number) is not (PhoneNumberType.PREMIUM_RATE or PhoneNumberType.SHARED_COST or PhoneNumberType.PAGER
            or PhoneNumberType.VOICEMAIL or PhoneNumberType.TOLL_FREE or PhoneNumberType.UAN or PhoneNumberType.UNKNOWN);

    /// <summary>
    /// Digits of any script, blanks and punctuation after a plus sign. Letters are refused, because the library would read them as digits, and so are
    /// extensions, because a message does not reach them.
    /// </summary>
    [GeneratedRegex(@"\A[\p{Zs}\t]{0,8}[+＋](?:\p{Nd}|[\p{Zs}\p{Pd}.()/\u200E\u200F\u202A-\u202C\u2066-\u2069]){2,40}\z")]
    private static partial Regex Written();
}
