using System.Globalization;
using System.Text;

namespace Sallyport.Protocols.Liquid;

/// <summary>
/// Text that comes from data, on its way through a template. A mark stands for each character that could end a text, an attribute or a
/// string literal: one UTF-16 unit for one, a code point that Unicode keeps for use inside a process (Unicode 17, section 23.7) and no
/// parser treats as syntax. Filters and comparisons read a mark as the character that it stands for.
/// </summary>
public static class MarkedText
{
    /// <summary>The asterisk ends a comment in scripts and CSS; white space ends an attribute without quotes.</summary>
    private const string Marked = "\"'<>&=`\\{* \t\n\r\f\u2028\u2029";

    private const char FirstMark = '\uFDD0';
    private const char LastNonCharacter = '\uFDEF';

    /// <summary>The mark of a blank, the first of the marks of white space, which lie side by side.</summary>
    internal const char BlankMark = '\uFDDA';

    internal const char LastBlankMark = '\uFDDE';

    /// <summary>Compares texts by what they mean: a mark equals the character that it stands for.</summary>
    internal static IEqualityComparer<string> Comparer { get; } =
        EqualityComparer<string>.Create(AreEqual, text => Unmark(text).GetHashCode(StringComparison.Ordinal));

    /// <summary>
    /// Marks a value. Leaves out control characters, noncharacters that look like marks, and the controls of text direction
    /// (Unicode 17, section 23.2): with those a name could look like something else.
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
            else if (!IsLeftOut(rune))
            {
                marked.Append(rune);
            }
        }

        return marked.ToString();
    }

    /// <summary>The value that a marked text stands for: of the same length, for positions in one to be positions in the other.</summary>
    public static string Unmark(string text) => IndexOfMark(text) < 0
        ? text
        : string.Create(text.Length, text, static (characters, text) =>
        {
            for (var i = 0; i < text.Length; i++)
            {
                characters[i] = Unmark(text[i]);
            }
        });

    /// <summary>The character that a mark stands for; any other character is itself.</summary>
    public static char Unmark(char character) => IsMark(character) ? Marked[character - FirstMark] : character;

    /// <summary>The index of the first mark, or -1.</summary>
    public static int IndexOfMark(ReadOnlySpan<char> text) => text.IndexOfAnyInRange(FirstMark, (char)(FirstMark + Marked.Length - 1));

    internal static bool IsMark(char character) => character >= FirstMark && character - FirstMark < Marked.Length;

    internal static bool AreEqual(string? left, string? right) =>
        string.Equals(left, right, StringComparison.Ordinal)
        || (left is not null && right is not null && left.Length == right.Length
            && string.Equals(Unmark(left), Unmark(right), StringComparison.Ordinal));

    /// <summary>Ordinal order of the values. Reads no more than the shorter text.</summary>
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

    private static bool IsLeftOut(Rune rune) =>
        Rune.GetUnicodeCategory(rune) == UnicodeCategory.Control
        || rune.Value is >= FirstMark and <= LastNonCharacter or (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069);
}

/// <summary>A text of the program itself among the data of a template. It is printed as it is, also when data are marked.</summary>
/// <param name="Value">Any text; markup in it works.</param>
public sealed record TrustedText(string Value);
