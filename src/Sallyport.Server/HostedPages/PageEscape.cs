using System.Globalization;
using System.Text;

namespace Sallyport.Server.HostedPages;

/// <summary>Writes marked characters in the form that means them where they stand.</summary>
internal static class PageEscape
{
    public static void Append(StringBuilder page, ReadOnlySpan<char> text, PageForm form)
    {
        for (var mark = PageText.IndexOfMark(text); mark >= 0; mark = PageText.IndexOfMark(text))
        {
            page.Append(text[..mark]);
            Append(page, PageText.Unmark(text[mark]), form);
            text = text[(mark + 1)..];
        }

        page.Append(text);
    }

    private static void Append(StringBuilder page, char character, PageForm form)
    {
        var stays = form switch
        {
            PageForm.MarkupText => character is ' ',
            PageForm.ScriptText => character is ' ' or '=',
            PageForm.Markup or PageForm.Script => false,
        };
        if (stays)
        {
            page.Append(character);
        }
        else if (form is PageForm.Markup or PageForm.MarkupText)
        {
            page.Append(CultureInfo.InvariantCulture, $"&#{(int)character};");
        }
        else
        {
            page.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:X4}");
        }
    }
}
