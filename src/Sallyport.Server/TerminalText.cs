using System.Globalization;
using System.Text;

namespace Sallyport.Server;

/// <summary>Text of others on a terminal: what would move the cursor, set a title or turn the line around is shown instead of done.</summary>
internal static class TerminalText
{
    /// <returns>With <c>\u001b</c> and the like in the place of characters that have no shape of their own.</returns>
    public static string Show(string text)
    {
        if (!text.Any(IsCommand))
        {
            return text;
        }

        var shown = new StringBuilder(text.Length + 16);
        foreach (var character in text)
        {
            _ = IsCommand(character) ? shown.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}") : shown.Append(character);
        }

        return shown.ToString();
    }

    /// <summary>C0, C1 and DEL; the marks for the direction of writing; ends of lines beside the usual one.</summary>
    private static bool IsCommand(char character) => char.GetUnicodeCategory(character)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
