using System.Text;

namespace Sallyport.Protocols.Html;

/// <summary>
/// Replaces the marks of a rendered template by escapes for their place. Reads the text as the tokenizer of a browser does (HTML 13.2.5). Marks
/// are not markup, so only the template decides where a tag begins.
/// </summary>
/// <remarks>
/// A browser may parse some places differently: foreign content, scripts that contain comments, raw texts. Marks in them are written in a form
/// that cannot end anything, and at worst is visible.
/// </remarks>
public sealed class MarkedHtml
{
    private readonly StringBuilder page;
    private readonly string html;
    private readonly MarkForm doubtful;
    private readonly IScriptAdditions? scripts;
    private int at;
    private int foreignDepth;
    private bool isCertain = true;

    private MarkedHtml(string html, MarkForm doubtful, IScriptAdditions? scripts)
    {
        page = new StringBuilder(html.Length + 1024);
        (this.html, this.doubtful, this.scripts) = (html, doubtful, scripts);
    }

    private MarkForm TextForm => isCertain ? MarkForm.TextReference : doubtful;

    /// <summary>Finishes a page for browsers, which run scripts: in doubt, marks become escape sequences of JavaScript.</summary>
    /// <param name="html">The result of a template with marked data.</param>
    /// <param name="scripts">Additions to the script elements of the template; data cannot create one.</param>
    /// <returns>The page without marks.</returns>
    public static string WritePage(string html, IScriptAdditions scripts) => new MarkedHtml(html, MarkForm.Escape, scripts).Write();

    /// <summary>
    /// Finishes the HTML of a mail. Mail programs do not run scripts, and some parse markup in conditional comments: in doubt, marks become
    /// character references.
    /// </summary>
    /// <param name="html">The result of a template with marked data.</param>
    public static string WriteMail(string html) => new MarkedHtml(html, MarkForm.Reference, scripts: null).Write();

    private string Write()
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
            CopyTo(EndOfComment(), doubtful);
        }
        else
        {
            CopyTo(at + 1, TextForm);
        }
    }

    private void CopyTag(bool isEnd)
    {
        var start = page.Length;
        var tag = new HtmlTag(html, at + (isEnd ? 2 : 1));
        CopyTo(tag.NameEnd, doubtful);
        var isScript = !isEnd && tag.Is("script");
        page.Append(isScript ? scripts?.Attributes : null);
        while (tag.ReadAttribute())
        {
            CopyTo(tag.ValueStart, doubtful);
            CopyTo(tag.ValueEnd, AttributeForm(tag));
            if (isScript && foreignDepth == 0 && tag.AttributeIs("src") && scripts?.For(tag.Value) is { } additions)
            {
                page.Insert(start + "<script".Length, additions.Attributes);
                page.Insert(start, additions.Before);
            }
        }

        CopyTo(tag.End, doubtful);
        if (isEnd)
        {
            Leave(tag);
        }
        else
        {
            Enter(tag);
        }
    }

    private void Enter(HtmlTag tag)
    {
        if (tag.Is("svg") || tag.Is("math"))
        {
            // Where foreign content ends depends on everything in it, so nothing is certain after it.
            isCertain = false;
            foreignDepth += tag.IsSelfClosing ? 0 : 1;
        }
        else if (tag.Is("script"))
        {
            var end = EndOfElement("script");
            var isCommented = html.AsSpan(at, end - at).Contains("<!--", StringComparison.Ordinal);
            isCertain &= !isCommented;
            CopyTo(end, isCertain ? MarkForm.ScriptEscape : doubtful);
        }
        else if (foreignDepth == 0)
        {
            EnterRawText(tag);
        }
    }

    private void EnterRawText(HtmlTag tag)
    {
        if (tag.Is("title") || tag.Is("textarea"))
        {
            // The two raw texts with character references. A "<" in them may mean that the browser sees another element.
            var end = EndOfElement(tag.Name);
            CopyTo(Math.Min(Next('<', at), end), TextForm);
            CopyTo(end, doubtful);
        }
        else if (HtmlTag.IsRawText(tag.Name))
        {
            CopyTo(EndOfElement(tag.Name), doubtful);
        }
        else if (tag.Is("plaintext"))
        {
            CopyTo(html.Length, doubtful);
        }
    }

    private void Leave(HtmlTag tag)
    {
        if (foreignDepth > 0 && (tag.Is("svg") || tag.Is("math")))
        {
            foreignDepth--;
        }
    }

    private MarkForm AttributeForm(HtmlTag tag) => (isCertain && !tag.IsRun, tag.IsQuoted) switch
    {
        (true, true) => MarkForm.TextReference,
        (true, false) => MarkForm.Reference,
        (false, _) => doubtful,
    };

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

    /// <summary>Reads forward only: a page of many comments takes linear time.</summary>
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
            if (after < html.Length && (HtmlTag.IsBlank(html[after]) || html[after] is '/' or '>'))
            {
                return end;
            }
        }
    }

    private void CopyTo(int end, MarkForm form)
    {
        MarkForms.Append(page, html.AsSpan(at, end - at), form);
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

/// <summary>Additions to the script elements of a template.</summary>
public interface IScriptAdditions
{
    /// <summary>Attributes of every script element, with a blank before each.</summary>
    string Attributes { get; }

    /// <summary>More attributes for the script with this address, and markup that goes before it; null if there are none.</summary>
    (string Before, string Attributes)? For(string address);
}
