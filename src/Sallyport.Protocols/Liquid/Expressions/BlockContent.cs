using Sallyport.Protocols.Liquid.Rendering;
using Sallyport.Protocols.Liquid.Values;

namespace Sallyport.Protocols.Liquid.Expressions;

/// <summary>The value of <c>block</c> within a layout's block, and of <c>block.super</c>: what the layout itself has in that place.</summary>
internal sealed class BlockContent(IReadOnlyList<BlockLayer> layers, int next) : PropertySource
{
    public override object? Get(string name) => name == "super" ? new BlockContent(layers, next + 1) : null;

    public string Render(RenderContext context)
    {
        var start = context.Output.Length;
        WriteLayer(layers, next - 1, context);
        context.Budget.RequireString(context.Output.Length - start);
        return context.Output.CutFrom(start);
    }

    public static void WriteLayer(IReadOnlyList<BlockLayer> layers, int index, RenderContext context)
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
