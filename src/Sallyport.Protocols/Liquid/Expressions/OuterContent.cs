using Sallyport.Protocols.Liquid.Rendering;
using Sallyport.Protocols.Liquid.Values;

namespace Sallyport.Protocols.Liquid.Expressions;

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
