using Sallyport.Protocols.Liquid.Expressions;
using Sallyport.Protocols.Liquid.Rendering;
using Sallyport.Protocols.Liquid.Syntax;
using Sallyport.Protocols.Liquid.Values;

namespace Sallyport.Protocols.Liquid.Tags;

/// <summary>
/// Makes the rest of the template the content of a layout: its blocks replace the blocks with the same names, and the rest replaces the block
/// without a name. <c>layout none</c> uses no layout.
/// </summary>
internal sealed class LayoutNode(int offset, PartialMarkup? markup, Block content) : Node(offset)
{
    public static Node? Parse(Piece tag, TemplateParser parser)
    {
        if (!parser.IsOutermost)
        {
            throw new LiquidFault("layout cannot be used within another tag", tag.Offset);
        }

        var (lexer, _) = parser.Read(tag);
        var markup = lexer.IsWord("none") ? null : PartialMarkup.Parse(tag, parser, isBinding: false, isLiteral: false);
        return new LayoutNode(tag.Offset, markup, parser.ParseRest());
    }

    public override void Render(RenderContext context)
    {
        var layers = context.Layers;
        if (markup is null)
        {
            layers.IsGathering = false;
            content.Render(context);
            return;
        }

        var name = markup.EvaluateName(context);
        context.Position = Offset;
        var layout = context.FindPartial(name);
        layers.IsGathering = true;
        var text = context.Capture(content);
        layers.IsGathering = false;
        if (!layers.Has(""))
        {
            layers.Add("", new BlockLayer(Block.Empty, context.CurrentPartial, text));
        }

        context.Position = Offset;
        context.Variables.Push(markup.Frame(context, ""));
        context.RenderPartial(layout, name);
        context.Variables.Pop();
    }
}

/// <summary>
/// In a layout, the default content of a block; in a page, its content. <c>{{ block.super }}</c> is the content that it replaces.
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
