using Sallyport.Protocols.Liquid.Expressions;
using Sallyport.Protocols.Liquid.Rendering;
using Sallyport.Protocols.Liquid.Syntax;

namespace Sallyport.Protocols.Liquid.Tags;

/// <summary>Other ways of writing what a template is made of: an output as a tag, tags as lines, text without tags.</summary>
internal static class LineTags
{
    public static Node? ParseEcho(Piece tag, TemplateParser parser) => new OutputNode(tag.Offset, parser.ParseOutput(tag));

    public static Node? ParseLiquid(Piece tag, TemplateParser parser) => new SequenceNode(tag.Offset, parser.ParseLines(tag));

    public static Node? ParseRaw(Piece tag, TemplateParser parser)
    {
        UnrenderedTags.RequireBare(tag, parser);
        var text = parser.ReadVerbatim(tag);
        return new TextNode(tag.Offset, parser.Source[text.Start..text.End], isVerbatim: true);
    }
}
