using System.Globalization;
using System.Text;

namespace Sallyport.Server.Messages;

/// <summary>Makes one visible line of a text of unknown origin, for mail headers and logs.</summary>
internal static class HeaderText
{
    private static readonly Rune ZeroWidthNonJoiner = new(0x200C);
    private static readonly Rune ZeroWidthJoiner = new(0x200D);

    /// <summary>
    /// Replaces line breaks and other control characters, with the blanks around them, by one blank, and removes invisible characters such as
    /// direction marks, which could make the text look like another one. Joiners stay where they belong to the spelling of a word or to an emoji.
    /// </summary>
    public static string Clean(string text, int maxLength)
    {
        var line = new StringBuilder(text.Length);
        var blanks = new StringBuilder();
        var hasControl = false;
        Rune? joiner = null;
        var previous = default(Rune);
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
                    joiner = rune == ZeroWidthJoiner || rune == ZeroWidthNonJoiner ? rune : joiner;
                    break;
                default:
                    line.Append(hasControl ? " " : blanks.ToString());
                    if (joiner is { } between && !hasControl && blanks.Length == 0 && Joins(between, previous, rune))
                    {
                        line.Append(between.ToString());
                    }

                    line.Append(rune.ToString());
                    blanks.Clear();
                    (hasControl, joiner, previous) = (false, null, rune);
                    break;
            }
        }

        return Shorten(line.ToString().TrimStart(), maxLength);
    }

    /// <summary>
    /// Whether a joiner changes how its neighbours are written: in scripts without upper and lower case, such as Arabic and Devanagari, and, for the
    /// joiner proper, in sequences of emoji. Between other letters it is invisible, so two names could look the same.
    /// </summary>
    private static bool Joins(Rune joiner, Rune before, Rune after) =>
        (IsCaselessLetter(before) && IsCaselessLetter(after)) || (joiner == ZeroWidthJoiner && IsEmoji(before) && IsEmoji(after));

    private static bool IsCaselessLetter(Rune rune) => Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.OtherLetter or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    /// <summary>Also the signs that change an emoji: variation selectors and skin tones.</summary>
    private static bool IsEmoji(Rune rune) => Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.OtherSymbol or UnicodeCategory.MathSymbol or UnicodeCategory.ModifierSymbol or UnicodeCategory.NonSpacingMark;

    /// <summary>Does not cut a surrogate pair.</summary>
    private static string Shorten(string text, int maxLength) =>
        text.Length <= maxLength ? text : text[..(char.IsHighSurrogate(text[maxLength - 1]) ? maxLength - 1 : maxLength)] + "…";
}
