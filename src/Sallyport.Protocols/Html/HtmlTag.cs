using System.Collections.Frozen;

namespace Sallyport.Protocols.Html;

/// <summary>Reads one tag, attribute by attribute (HTML 13.2.5.8 and 13.2.5.32 to 39).</summary>
internal sealed class HtmlTag
{
    /// <summary>Elements whose content is not markup; <c>noscript</c> is one of them where scripts run.</summary>
    private static readonly FrozenSet<string> RawTexts =
        FrozenSet.ToFrozenSet(["style", "xmp", "iframe", "noembed", "noframes", "noscript"], StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string> Addresses = FrozenSet.ToFrozenSet(
        ["href", "xlink:href", "src", "action", "formaction", "data", "from", "to", "values"], StringComparer.OrdinalIgnoreCase);

    private readonly string html;
    private int at;
    private string attribute = "";

    /// <param name="html">The whole text.</param>
    /// <param name="nameStart">The index after <c>&lt;</c> or <c>&lt;/</c>.</param>
    public HtmlTag(string html, int nameStart)
    {
        this.html = html;
        at = nameStart;
        SkipUntil(character => IsBlank(character) || character is '/' or '>');
        NameEnd = at;
        Name = html[nameStart..NameEnd];
    }

    public string Name { get; }

    public int NameEnd { get; }

    /// <summary>The start of the value, inside the quotes if there are any. Without a value, start and end are the same.</summary>
    public int ValueStart { get; private set; }

    public int ValueEnd { get; private set; }

    public bool IsQuoted { get; private set; }

    /// <summary>The index after the <c>&gt;</c>. Known when all attributes are read.</summary>
    public int End { get; private set; }

    /// <summary>Known when all attributes are read. A slash at the end of an unquoted value belongs to the value.</summary>
    public bool IsSelfClosing { get; private set; }

    public string Value => html[ValueStart..ValueEnd];

    /// <summary>Whether the browser interprets the value: an event handler, a document, a style, a <c>javascript:</c> address.</summary>
    public bool IsRun =>
        attribute.StartsWith("on", StringComparison.OrdinalIgnoreCase)
        || AttributeIs("srcdoc")
        || AttributeIs("style")
        || (Addresses.Contains(attribute) && string.Concat(Value.Where(character => character > ' ')).StartsWith("javascript:", StringComparison.OrdinalIgnoreCase));

    public static bool IsRawText(string name) => RawTexts.Contains(name);

    public static bool IsBlank(char character) => character is ' ' or '\t' or '\n' or '\r' or '\f';

    public bool Is(string name) => Name.Equals(name, StringComparison.OrdinalIgnoreCase);

    public bool AttributeIs(string name) => attribute.Equals(name, StringComparison.OrdinalIgnoreCase);

    /// <returns>False at the end of the tag or of the text.</returns>
    public bool ReadAttribute()
    {
        var behind = at;
        SkipUntil(character => !IsBlank(character) && character != '/');
        if (at >= html.Length || html[at] == '>')
        {
            IsSelfClosing = at > behind && html[at - 1] == '/';
            End = Math.Min(at + 1, html.Length);
            return false;
        }

        var start = at++;
        SkipUntil(character => IsBlank(character) || character is '/' or '>' or '=');
        attribute = html[start..at];
        var end = at;
        SkipUntil(character => !IsBlank(character));
        if (at < html.Length && html[at] == '=')
        {
            at++;
            ReadValue();
        }
        else
        {
            (at, ValueStart, ValueEnd, IsQuoted) = (end, end, end, false);
        }

        return true;
    }

    private void ReadValue()
    {
        SkipUntil(character => !IsBlank(character));
        IsQuoted = at < html.Length && html[at] is '"' or '\'';
        if (IsQuoted)
        {
            var quote = html[at++];
            ValueStart = at;
            SkipUntil(character => character == quote);
            ValueEnd = at;
            at = Math.Min(at + 1, html.Length);
        }
        else
        {
            ValueStart = at;
            SkipUntil(character => IsBlank(character) || character == '>');
            ValueEnd = at;
        }
    }

    private void SkipUntil(Func<char, bool> isEnd)
    {
        while (at < html.Length && !isEnd(html[at]))
        {
            at++;
        }
    }
}
