using System.Globalization;
using System.Text.RegularExpressions;

namespace Sallyport.Protocols.Tests.Liquid.Comparison;

/// <summary>
/// Where the reference implementation, which this engine follows, prints the same in other signs than liquidjs. Applied to both texts.
/// </summary>
internal static partial class ExplainedDifferences
{
    public static string Remove(string text)
    {
        text = BinaryFraction().Replace(text, match => decimal.Round(decimal.Parse(match.Value, CultureInfo.InvariantCulture), 10)
            .ToString("0.##########", CultureInfo.InvariantCulture));
        text = WholeFloat().Replace(text, "$1");
        text = text.Replace("<tr class=\"row1\">\n</tr>\n", "", StringComparison.Ordinal);
        text = TableLineBreak().Replace(text, "$1");
        text = text.Replace("&#34;", "&quot;", StringComparison.Ordinal);
        return JsonEscape().Replace(text, match => ((char)Convert.ToInt32(match.Groups[1].Value, 16)).ToString());
    }

    /// <summary>The reference computes with decimal numbers, JavaScript with binary ones: 0.2 is 0.19999999999999996 there.</summary>
    [GeneratedRegex(@"\d+\.\d{15,20}")]
    private static partial Regex BinaryFraction();

    /// <summary>A float that is whole prints as 5.0; JavaScript has no such number.</summary>
    [GeneratedRegex(@"(\d)\.0(?!\d)")]
    private static partial Regex WholeFloat();

    /// <summary>The rows of a table end their lines, and a table without cells is an empty row.</summary>
    [GeneratedRegex(@"(<tr class=""row1"">|</tr>)\s+")]
    private static partial Regex TableLineBreak();

    /// <summary>The json filter writes what could end a script element or an attribute as escapes.</summary>
    [GeneratedRegex(@"\\u00(3c|3e|26|27)")]
    private static partial Regex JsonEscape();
}
