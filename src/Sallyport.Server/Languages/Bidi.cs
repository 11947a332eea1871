using System.Text;

namespace Sallyport.Server.Languages;

/// <summary>Text with both directions in one line (UAX 9).</summary>
internal static class Bidi
{
    private const char FirstStrongIsolate = '\u2068';
    private const char PopDirectionalIsolate = '\u2069';

    /// <summary>Isolates a value from the text around it if their directions may differ.</summary>
    public static string Isolate(string value, Locale locale) =>
        locale.Direction == "rtl" || value.EnumerateRunes().Any(IsRightToLeft) ? FirstStrongIsolate + value + PopDirectionalIsolate : value;

    /// <summary>The Unicode blocks of letters that are written from right to left.</summary>
    private static bool IsRightToLeft(Rune rune) =>
        rune.Value is (>= 0x0590 and <= 0x08FF) or (>= 0xFB1D and <= 0xFDFF) or (>= 0xFE70 and <= 0xFEFF)
            or (>= 0x10800 and <= 0x10FFF) or (>= 0x1E800 and <= 0x1EFFF);
}
