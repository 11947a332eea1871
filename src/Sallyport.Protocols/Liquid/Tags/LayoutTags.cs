using Sallyport.Protocols.Liquid.Expressions;
using Sallyport.Protocols.Liquid.Rendering;
using Sallyport.Protocols.Liquid.Syntax;
using Sallyport.Protocols.Liquid.Values;

namespace Sallyport.Protocols.Liquid.Tags;

/// <summary>
/// Makes the rest of the template the content of another: its blocks fill the blocks of the same names, the remainder fills the nameless
/// block. <c>layout none</c> uses no layout.
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

/// <summary>The value of <c>block</c> within a block: its <c>super</c> is what the next layer outwards has in the same place.</summary>
internal sealed class BlockContent(IReadOnlyList<BlockLayer> layers, int next) : PropertySource
{
    /// <summary>Text needs the rendering, which a property does not see: a path that ends here renders.</summary>
    public override object? Get(string name) => name == "super" ? new OuterContent(layers, next) : null;

    public static void Write(IReadOnlyList<BlockLayer> layers, int index, RenderContext context)
    {
        if (index >= layers.Count)
        {
            return;
        }

        if (layers[index].Text is { } text)
        {
            context.Output.Write(text);
            return;
        }

        context.Variables.Push(new ScopeFrame("block") { First = new BlockContent(layers, index + 1) });
        context.RenderForeign(layers[index].Body, layers[index].Owner);
        context.Variables.Pop();
    }
}

/// <summary>What <c>block.super</c> stands for until it is rendered.</summary>
internal sealed class OuterContent(IReadOnlyList<BlockLayer> layers, int index) : PropertySource
{
    public override object? Get(string name) => null;

    public string Render(RenderContext context)
    {
        var start = context.Output.Length;
        BlockContent.Write(layers, index, context);
        context.Budget.RequireString(context.Output.Length - start);
        return context.Output.CutFrom(start);
    }
}

/// <summary>
/// The named blocks that pages have defined for their layouts, the page's own first, then its layout's, and so on outwards.
/// </summary>
internal sealed class BlockLayers
{
    private Dictionary<string, List<BlockLayer>>? _layers;

    /// <summary>While the content of a page with a layout is gathered, its blocks are kept and not printed.</summary>
    public bool IsGathering { get; set; }

    public void Add(string name, BlockLayer layer)
    {
        _layers ??= new(StringComparer.Ordinal);
        if (_layers.TryGetValue(name, out var layers))
        {
            layers.Add(layer);
        }
        else
        {
            _layers[name] = [layer];
        }
    }

    public bool Has(string name) => _layers is not null && _layers.ContainsKey(name);

    public IReadOnlyList<BlockLayer> With(string name, BlockLayer outermost) =>
        _layers is not null && _layers.TryGetValue(name, out var layers) ? [.. layers, outermost] : [outermost];
}

/// <summary>The text stands in for the body when the layer is the content that a page has outside its blocks.</summary>
internal sealed record BlockLayer(Block Body, (LiquidTemplate? Template, string? Name) Owner, string? Text = null);
