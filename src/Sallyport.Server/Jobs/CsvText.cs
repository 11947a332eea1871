using System.Buffers;

namespace Sallyport.Server.Jobs;

/// <summary>
/// A value of a CSV file. One that a spreadsheet would take for a formula gets an apostrophe: whoever names themselves
/// <c>=HYPERLINK(…)</c> runs nothing on an administrator's machine.
/// </summary>
internal static class CsvText
{
    private static readonly SearchValues<char> Special = SearchValues.Create(",\"\r\n");

    public static string Of(string text)
    {
        if (text is ['=' or '+' or '-' or '@' or '\t' or '\r', ..])
        {
            text = "'" + text;
        }

        return text.AsSpan().ContainsAny(Special) ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
    }
}
