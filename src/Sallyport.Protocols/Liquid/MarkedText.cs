using System.Globalization;
using System.Text;

namespace Sallyport.Protocols.Liquid;

/// <summary>
/// Text from data while a template is rendered. Each character that could end a text, an attribute or a string literal is replaced by a mark:
/// a single UTF-16 code unit, a noncharacter that Unicode reserves for use inside a process (Unicode 17, section 23.7). Filters and
/// comparisons read a mark as the character that it replaces.
/// </summary>
public static class MarkedText
{
    /// <summary>The asterisk ends a comment in scripts and CSS; white space ends an attribute without quotes.</summary>
    private const string Marked = "\"'<>&=`\\{* \t\n\r\f\u2028\u2029";

    private const char FirstMark = '\uFDD0';
    private const char LastNonCharacter = '\uFDEF';

    /// <summary>The mark of the space. The marks of white space are consecutive, and this is the first.</summary>
    internal const char BlankMark = '\uFDDA';

    internal const char LastBlankMark = '\uFDDE';

    /// <summary>Compares text by value: a mark equals the character that it replaces.</summary>
    internal static IEqualityComparer<string> Comparer { get; } =
        EqualityComparer<string>.Create(AreEqual, text => Unmark(text).GetHashCode(StringComparison.Ordinal));

    /// <summary>
    /// Marks a text. Removes control characters, noncharacters that would be taken for marks, and bidirectional control characters, with which a
    /// name could look like something else (Unicode 17, section 23.2). A lone surrogate becomes U+FFFD.
    /// </summary>
    public static string Mark(string value)
    {
        var marked = new StringBuilder(value.Length);
        foreach (var rune in value.EnumerateRunes())
        {
            var index = rune.IsBmp ? Marked.IndexOf((char)rune.Value, StringComparison.Ordinal) : -1;
            if (index >= 0)
            {
                marked.Append((char)(FirstMark + index));
            }
            else if (!IsRemoved(rune))
            {
                marked.Append(rune);
            }
        }

        return marked.ToString();
    }

    /// <summary>Replaces marks by their characters. The length does not change, so an index is valid in both texts.</summary>
    public static string Unmark(string text) => IndexOfMark(text) < 0
        ? text
        : string.Create(text.Length, text, static (characters, text) =>
        {
            for (var i = 0; i < text.Length; i++)
            {
                characters[i] = Unmark(text[i]);
            }
        });

    /// <summary>The character that a mark replaces; any other character is returned as it is.</summary>
    public static char Unmark(char character) => IsMark(character) ? Marked[character - FirstMark] : character;

    /// <summary>The index of the first mark, or -1.</summary>
    public static int IndexOfMark(ReadOnlySpan<char> text) => text.IndexOfAnyInRange(FirstMark, (char)(FirstMark + Marked.Length - 1));

    internal static bool IsMark(char character) => character >= FirstMark && character - FirstMark < Marked.Length;

    internal static bool AreEqual(string? left, string? right) =>
        string.Equals(left, right, StringComparison.Ordinal)
        || (left is not null && right is not null && left.Length == right.Length
            && string.Equals(Unmark(left), Unmark(right), StringComparison.Ordinal));

    /// <summary>Ordinal order of the values. Does not read beyond the length of the shorter text.</summary>
    internal static int Compare(string left, string right)
    {
        var common = Math.Min(left.Length, right.Length);
        for (var i = 0; i < common; i++)
        {
            var difference = Unmark(left[i]) - Unmark(right[i]);
            if (difference != 0)
            {
                return difference;
            }
        }

        return left.Length - right.Length;
    }

    private static bool IsRemoved(Rune rune) =>
        Rune.GetUnicodeCategory(rune) == UnicodeCategory.Control
        || rune.Value is >= FirstMark and <= LastNonCharacter or (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069);
}

/// <summary>A text in the data that is not marked, because the program itself wrote it.</summary>
/// <param name="Value">Text or markup, printed as it is.</param>
public sealed record TrustedText(string Value);
