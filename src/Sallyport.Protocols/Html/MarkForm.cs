using System.Globalization;
using System.Text;
using Sallyport.Protocols.Liquid;

namespace Sallyport.Protocols.Html;

/// <summary>
/// How the character of a mark is written. No form can end a text, an attribute or a script. Each form is for places where a browser reads it
/// as the character.
/// </summary>
internal enum MarkForm
{
    /// <summary>A character reference (HTML 13.1.4), for markup.</summary>
    Reference,

    /// <summary>A character reference for text and quoted attributes, where some characters are harmless and stay.</summary>
    TextReference,

    /// <summary>An escape sequence of JavaScript (ECMA-262, UnicodeEscapeSequence), for event handlers.</summary>
    Escape,

    /// <summary>An escape sequence for script elements, where some characters are harmless and stay.</summary>
    ScriptEscape,
}

internal static class MarkForms
{
    public static void Append(StringBuilder page, ReadOnlySpan<char> text, MarkForm form)
    {
        for (var mark = MarkedText.IndexOfMark(text); mark >= 0; mark = MarkedText.IndexOfMark(text))
        {
            page.Append(text[..mark]);
            Append(page, MarkedText.Unmark(text[mark]), form);
            text = text[(mark + 1)..];
        }

        page.Append(text);
    }

    private static void Append(StringBuilder page, char character, MarkForm form)
    {
        var isHarmless = form switch
        {
            MarkForm.TextReference => character is ' ' or '=' or '\\' or '*',
            MarkForm.ScriptEscape => character is ' ' or '=',
            MarkForm.Reference or MarkForm.Escape => false,
        };
        if (isHarmless)
        {
            page.Append(character);
        }
        else if (form is MarkForm.Reference or MarkForm.TextReference)
        {
            page.Append(Reference(character));
        }
        else
        {
            page.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:X4}");
        }
    }

    private static string Reference(char character) => character switch
    {
        '&' => "&amp;",
        '<' => "&lt;",
        '>' => "&gt;",
        '"' => "&quot;",
        _ => string.Create(CultureInfo.InvariantCulture, $"&#{(int)character};"),
    };
}
