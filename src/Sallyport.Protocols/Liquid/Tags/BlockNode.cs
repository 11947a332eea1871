using Sallyport.Protocols.Liquid.Expressions;
using Sallyport.Protocols.Liquid.Rendering;
using Sallyport.Protocols.Liquid.Syntax;

namespace Sallyport.Protocols.Liquid.Tags;

/// <summary>
/// In a layout the place of a block, in a page its content; <c>{{ block.super }}</c> is what the layout has in the place.
/// </summary>
internal sealed class BlockNode(int offset, string name, Block body) : Node(offset)
{
    public static Node? Parse(Piece tag, TemplateParser parser)
    {
        var (lexer, _) = parser.Read(tag);
        var kind = lexer.Kind == TokenKind.Text ? TokenKind.Text : TokenKind.Identifier;
        var name = lexer.Kind == TokenKind.End ? "" : lexer.Consume(kind, "a name");
        lexer.RequireEnd();
        return new BlockNode(tag.Offset, name, parser.ParseBlock(tag, "endblock"));
    }

    public override void Render(RenderContext context)
    {
        var own = new BlockLayer(body, context.CurrentPartial);
        if (context.Layers.IsGathering)
        {
            context.Layers.Add(name, own);
        }
        else
        {
            var layers = context.Layers.With(name, own);
            context.Budget.Charge(layers.Count);
            BlockContent.Write(layers, 0, context);
        }
    }
}
