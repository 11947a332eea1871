using Sallyport.Protocols.Liquid.Rendering;
using Sallyport.Protocols.Liquid.Values;

namespace Sallyport.Protocols.Liquid.Expressions;

/// <summary>The value of <c>block</c> in a block. Its <c>super</c> is the content of the same block in the next outer layer.</summary>
internal sealed class BlockContent(IReadOnlyList<BlockLayer> layers, int next) : PropertySource
{
    /// <summary>A property has no access to the rendering, so the path that ends here renders the content.</summary>
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

/// <summary>The value of <c>block.super</c> before it is rendered.</summary>
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
