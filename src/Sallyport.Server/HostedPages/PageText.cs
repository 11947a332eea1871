using System.Globalization;
using System.Text;

namespace Sallyport.Server.HostedPages;

/// <summary>
/// Data on their way through a template. Each character that could end a text, an attribute or a string literal is replaced
/// by a mark, a code point that Unicode keeps for use inside a process, and that nothing around it takes for anything. When
/// the page is rendered, <see cref="PageMarkup"/> puts in place of each mark what means the character there.
/// </summary>
internal static class PageText
{
    /// <summary>The asterisk, because it ends a comment; the blank, because it ends an attribute without quotes.</summary>
    private const string Dangerous = "\"'<>&=`\\{* \t\n\r\f\u2028\u2029";

    private const char FirstMark = '\uFDD0';
    private const char LastNonCharacter = '\uFDEF';

    public static string Mark(string value)
    {
        var marked = new StringBuilder(value.Length);
        foreach (var rune in value.EnumerateRunes())
        {
            var index = rune.IsBmp ? Dangerous.IndexOf((char)rune.Value, StringComparison.Ordinal) : -1;
            if (index >= 0)
            {
                marked.Append((char)(FirstMark + index));
            }
            else if (!IsDropped(rune))
            {
                marked.Append(rune);
            }
        }

        return marked.ToString();
    }

    /// <summary>Where the first mark is, or -1.</summary>
    public static int IndexOfMark(ReadOnlySpan<char> text) => text.IndexOfAnyInRange(FirstMark, (char)(FirstMark + Dangerous.Length - 1));

    /// <summary>The character that a mark stands for.</summary>
    public static char Unmark(char mark) => Dangerous[mark - FirstMark];

    /// <summary>
    /// Control characters, marks that came from outside, and what turns the direction of the text around: a name cannot
    /// dress up as something else.
    /// </summary>
    private static bool IsDropped(Rune rune) =>
        Rune.GetUnicodeCategory(rune) == UnicodeCategory.Control
        || rune.Value is >= FirstMark and <= LastNonCharacter or (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069);
}
