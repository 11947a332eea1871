using System.Globalization;
using System.Text;

namespace Sallyport.Server.Messages;

/// <summary>One line without control or direction marks: a text that came from elsewhere cannot dress up as something else.</summary>
internal static class HeaderText
{
    public static string Clean(string text, int maxLength)
    {
        var visible = string.Concat(text.EnumerateRunes().Where(IsVisible)).Trim();
        return visible.Length <= maxLength ? visible : Cut(visible, maxLength) + "…";
    }

    private static bool IsVisible(Rune rune) => Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);

    private static string Cut(string text, int maxLength) =>
        text[..(char.IsHighSurrogate(text[maxLength - 1]) ? maxLength - 1 : maxLength)];
}
