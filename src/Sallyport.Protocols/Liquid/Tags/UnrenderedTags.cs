using Sallyport.Protocols.Liquid.Rendering;
using Sallyport.Protocols.Liquid.Syntax;
using Sallyport.Protocols.Liquid.Values;

namespace Sallyport.Protocols.Liquid.Tags;

internal static class UnrenderedTags
{
    public static Node? SkipComment(Piece tag, TemplateParser parser)
    {
        parser.SkipComment(tag);
        return null;
    }

    /// <summary>Unlike a comment, the text of a <c>doc</c> tag is not read at all.</summary>
    public static Node? SkipDoc(Piece tag, TemplateParser parser)
    {
        RequireBare(tag, parser);
        parser.ReadVerbatim(tag);
        return null;
    }

    public static void RequireBare(Piece tag, TemplateParser parser)
    {
        if (!parser.Source.AsSpan(tag.Start, tag.End - tag.Start).Trim(Whitespace.Characters).IsEmpty)
        {
            throw new LiquidFault($"tag '{tag.Name}' takes nothing", tag.Start);
        }
    }
}
