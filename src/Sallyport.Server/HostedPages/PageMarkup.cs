using System.Globalization;
using System.Text;

namespace Sallyport.Server.HostedPages;

/// <summary>
/// The last step of a page: goes through the rendered text as a browser's tokenizer does (HTML, 13.2.5), writes what each
/// mark stands for, and gives the page's own scripts the nonce that lets them run. Marks are not markup, so only the
/// template decides where a tag begins.
/// </summary>
/// <remarks>
/// Where it is not certain that a browser reads the same (foreign content, scripts with comments in them, raw texts), values
/// are written as escapes of JavaScript: those end nothing anywhere, at worst they show as they are.
/// </remarks>
internal sealed class PageMarkup(string html, string nonce, WidgetScript widget)
{
    private readonly StringBuilder page = new(html.Length + 1024);
    private int at;
    private int foreignDepth;
    private bool isCertain = true;
    private bool isPreloaded;

    private PageForm TextForm => isCertain ? PageForm.MarkupText : PageForm.Script;

    public string Finish()
    {
        while (at < html.Length)
        {
            CopyTo(Next('<', at), TextForm);
            if (at < html.Length)
            {
                CopyMarkup();
            }
        }

        return page.ToString();
    }

    private void CopyMarkup()
    {
        var next = Peek(1);
        if (char.IsAsciiLetter(next) || (next == '/' && char.IsAsciiLetter(Peek(2))))
        {
            CopyTag(isEnd: next == '/');
        }
        else if (next is '!' or '?' or '/')
        {
            CopyTo(EndOfComment(), PageForm.Script);
        }
        else
        {
            CopyTo(at + 1, TextForm);
        }
    }

    private void CopyTag(bool isEnd)
    {
        var start = page.Length;
        var tag = new PageTag(html, at + (isEnd ? 2 : 1));
        CopyTo(tag.NameEnd, PageForm.Script);
        if (!isEnd && tag.Is("script"))
        {
            page.Append(CultureInfo.InvariantCulture, $" nonce=\"{nonce}\"");
        }

        while (tag.ReadAttribute())
        {
            CopyTo(tag.ValueStart, PageForm.Script);
            CopyTo(tag.ValueEnd, AttributeForm(tag));
            if (!isEnd && tag.Is("script") && tag.AttributeIs("src") && WidgetAssets.IsWidget(tag.Value))
            {
                Complete(start);
            }
        }

        CopyTo(tag.End, PageForm.Script);
        if (isEnd)
        {
            Leave(tag);
        }
        else
        {
            Enter(tag);
        }
    }

    private void Enter(PageTag tag)
    {
        if (tag.Is("svg") || tag.Is("math"))
        {
            // Where foreign content ends depends on all that is in it: after it, nothing is certain.
            isCertain = false;
            foreignDepth += tag.IsSelfClosing ? 0 : 1;
        }
        else if (tag.Is("script"))
        {
            var end = EndOfElement("script");
            var isCommented = html.AsSpan(at, end - at).Contains("<!--", StringComparison.Ordinal);
            isCertain &= !isCommented;
            CopyTo(end, isCertain ? PageForm.ScriptText : PageForm.Script);
        }
        else if (foreignDepth == 0)
        {
            EnterRawText(tag);
        }
    }

    private void EnterRawText(PageTag tag)
    {
        if (tag.Is("title") || tag.Is("textarea"))
        {
            // The two in which character references are read. A "<" in them makes it doubtful that they are what they seem.
            var end = EndOfElement(tag.Name);
            CopyTo(Math.Min(Next('<', at), end), TextForm);
            CopyTo(end, PageForm.Script);
        }
        else if (PageTag.IsRawText(tag.Name))
        {
            CopyTo(EndOfElement(tag.Name), PageForm.Script);
        }
        else if (tag.Is("plaintext"))
        {
            CopyTo(html.Length, PageForm.Script);
        }
    }

    private void Leave(PageTag tag)
    {
        if (foreignDepth > 0 && (tag.Is("svg") || tag.Is("math")))
        {
            foreignDepth--;
        }
    }

    private PageForm AttributeForm(PageTag tag) => (isCertain && !tag.IsRun, tag.IsQuoted) switch
    {
        (true, true) => PageForm.MarkupText,
        (true, false) => PageForm.Markup,
        (false, _) => PageForm.Script,
    };

    /// <summary>
    /// Tells the widget the language of the reader, which a page that is the same for all does not know, and asks for its
    /// modules before the first script that is the widget.
    /// </summary>
    private void Complete(int start)
    {
        if (foreignDepth > 0)
        {
            return;
        }

        page.Insert(start + "<script".Length, $" data-language=\"{widget.Language}\"");
        if (!isPreloaded)
        {
            page.Insert(start, widget.Preloads);
            isPreloaded = true;
        }
    }

    private int EndOfComment()
    {
        if (string.CompareOrdinal(html, at, "<!--", 0, 4) != 0)
        {
            return After(">", at);
        }

        if (Peek(4) == '>')
        {
            return at + 5;
        }

        return Peek(4) == '-' && Peek(5) == '>' ? at + 6 : EndOfCommentText(at + 4);
    }

    /// <summary>One way through: a page of nothing but comments is read once.</summary>
    private int EndOfCommentText(int start)
    {
        for (var dashes = After("--", start); dashes < html.Length; dashes = After("--", dashes - 1))
        {
            if (html[dashes] == '>')
            {
                return dashes + 1;
            }

            if (html[dashes] == '!' && dashes + 1 < html.Length && html[dashes + 1] == '>')
            {
                return dashes + 2;
            }
        }

        return html.Length;
    }

    private int EndOfElement(string name)
    {
        for (var end = at; ; end++)
        {
            end = html.IndexOf("</" + name, end, StringComparison.OrdinalIgnoreCase);
            if (end < 0)
            {
                return html.Length;
            }

            var after = end + 2 + name.Length;
            if (after < html.Length && (PageTag.IsBlank(html[after]) || html[after] is '/' or '>'))
            {
                return end;
            }
        }
    }

    private void CopyTo(int end, PageForm form)
    {
        PageEscape.Append(page, html.AsSpan(at, end - at), form);
        at = end;
    }

    private char Peek(int distance) => at + distance < html.Length ? html[at + distance] : '\0';

    private int Next(char wanted, int start)
    {
        var found = html.IndexOf(wanted, start);
        return found < 0 ? html.Length : found;
    }

    private int After(string wanted, int start)
    {
        var found = start > html.Length ? -1 : html.IndexOf(wanted, start, StringComparison.Ordinal);
        return found < 0 ? html.Length : found + wanted.Length;
    }
}

/// <param name="Language">A tag that holds nothing but letters, digits and hyphens.</param>
/// <param name="Preloads">Links to the modules.</param>
internal sealed record WidgetScript(string Language, string Preloads);
