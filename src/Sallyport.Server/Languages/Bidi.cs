using System.Text;

namespace Sallyport.Server.Languages;

/// <summary>Texts of both directions in one line (UAX 9).</summary>
internal static class Bidi
{
    private const char FirstStrongIsolate = '\u2068';
    private const char PopDirectionalIsolate = '\u2069';

    /// <summary>Keeps a name in its own order and the text around it in its own, where the two may run against each other.</summary>
    public static string Isolate(string value, Locale locale) =>
        locale.Direction == "rtl" || value.EnumerateRunes().Any(IsRightToLeft) ? FirstStrongIsolate + value + PopDirectionalIsolate : value;

    /// <summary>The blocks that Unicode keeps for letters that run from right to left.</summary>
    private static bool IsRightToLeft(Rune rune) =>
        rune.Value is (>= 0x0590 and <= 0x08FF) or (>= 0xFB1D and <= 0xFDFF) or (>= 0xFE70 and <= 0xFEFF)
            or (>= 0x10800 and <= 0x10FFF) or (>= 0x1E800 and <= 0x1EFFF);
}
