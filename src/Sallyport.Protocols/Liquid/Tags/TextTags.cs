using Sallyport.Protocols.Liquid.Expressions;
using Sallyport.Protocols.Liquid.Rendering;
using Sallyport.Protocols.Liquid.Syntax;
using Sallyport.Protocols.Liquid.Values;

namespace Sallyport.Protocols.Liquid.Tags;

/// <summary>The tags <c>echo</c>, <c>liquid</c> and <c>raw</c>.</summary>
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

internal sealed class SequenceNode(int offset, Block body) : Node(offset)
{
    public override bool IsBlank => body.IsBlank;

    public override void Render(RenderContext context) => body.Render(context);
}

internal static class UnrenderedTags
{
    public static Node? SkipComment(Piece tag, TemplateParser parser)
    {
        parser.SkipComment(tag);
        return null;
    }

    /// <summary>An inline comment. Each line must begin with the sign, unless it is blank.</summary>
    public static Node? SkipLines(Piece tag, TemplateParser parser)
    {
        var isLineStart = false;
        for (var at = tag.Start; at < tag.End; at++)
        {
            var character = parser.Source[at];
            if (isLineStart && character != '#' && !Whitespace.Is(character))
            {
                throw new LiquidFault("each line of a comment must begin with '#'", at);
            }

            isLineStart = character == '\n' || (isLineStart && character != '#');
        }

        return null;
    }

    /// <summary>Unlike in a comment, tags in a <c>doc</c> tag are not parsed.</summary>
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
