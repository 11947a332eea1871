using System.Globalization;
using System.Text;

namespace Sallyport.Server.Messages;

/// <summary>Makes one visible line of a text of unknown origin, for mail headers and logs.</summary>
internal static class HeaderText
{
    /// <summary>
    /// Replaces line breaks and other control characters, with the blanks around them, by one blank, and removes invisible characters such as
    /// direction marks, which could make the text look like another one.
    /// </summary>
    public static string Clean(string text, int maxLength)
    {
        var line = new StringBuilder(text.Length);
        var blanks = new StringBuilder();
        var hasControl = false;
        foreach (var rune in text.EnumerateRunes())
        {
            switch (Rune.GetUnicodeCategory(rune))
            {
                case UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator:
                    hasControl = true;
                    break;
                case UnicodeCategory.SpaceSeparator:
                    blanks.Append(rune.ToString());
                    break;
                case UnicodeCategory.Format:
                    break;
                default:
                    line.Append(hasControl ? " " : blanks.ToString()).Append(rune.ToString());
                    blanks.Clear();
                    hasControl = false;
                    break;
            }
        }

        return Shorten(line.ToString().TrimStart(), maxLength);
    }

    /// <summary>Does not cut a surrogate pair.</summary>
    private static string Shorten(string text, int maxLength) =>
        text.Length <= maxLength ? text : text[..(char.IsHighSurrogate(text[maxLength - 1]) ? maxLength - 1 : maxLength)] + "…";
}
