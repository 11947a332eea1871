using System.Globalization;
using System.Text;

namespace Sallyport.Server.Commands;

/// <summary>Makes text from outside safe for a terminal: it must not move the cursor, set the title or reverse the line.</summary>
internal static class TerminalText
{
    /// <returns>The text with control characters written as <c>\u001b</c>.</returns>
    public static string Escape(string text)
    {
        if (!text.Any(IsControl))
        {
            return text;
        }

        var escaped = new StringBuilder(text.Length + 16);
        foreach (var character in text)
        {
            _ = IsControl(character) ? escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}") : escaped.Append(character);
        }

        return escaped.ToString();
    }

    /// <summary>C0, C1, DEL, marks of the writing direction, and Unicode line separators.</summary>
    private static bool IsControl(char character) => char.GetUnicodeCategory(character)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
