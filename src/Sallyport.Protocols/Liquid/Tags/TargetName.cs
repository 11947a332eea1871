using Sallyport.Protocols.Liquid.Syntax;
using Sallyport.Protocols.Liquid.Values;

namespace Sallyport.Protocols.Liquid.Tags;

/// <summary>The name that a tag writes to. It may begin with a digit or hold a dot, though no plain path reads such a name back.</summary>
internal static class TargetName
{
    /// <returns>The name and the offset behind it.</returns>
    public static (string Name, int End) Parse(Piece tag, TemplateParser parser)
    {
        var source = parser.Source;
        var start = tag.Start;
        while (start < tag.End && Whitespace.Is(source[start]))
        {
            start++;
        }

        var quote = start < tag.End && source[start] is '"' or '\'' ? 1 : 0;
        var end = start + quote;
        while (end < tag.End && (char.IsAsciiLetterOrDigit(source[end]) || source[end] is '_' or '-' or '.'))
        {
            end++;
        }

        var name = source[(start + quote)..end];
        var isClosed = quote == 0 || (end < tag.End && source[end] == source[start]);
        return name.Length > 0 && name[0] != '-' && isClosed
            ? (name, end + quote)
            : throw new LiquidFault($"tag '{tag.Name}' needs a name", start);
    }

    public static string ParseOnly(Piece tag, TemplateParser parser)
    {
        var (name, end) = Parse(tag, parser);
        new Lexer(parser.Source, end, tag.End).RequireEnd();
        return name;
    }
}
