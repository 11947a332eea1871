using Sallyport.Protocols.Liquid.Values;

namespace Sallyport.Protocols.Liquid.Rendering;

internal abstract class Node(int offset)
{
    public int Offset => offset;

    /// <summary>
    /// Whether the node never prints anything. A block of only such nodes and white space does not print the white space.
    /// </summary>
    public virtual bool IsBlank => false;

    public abstract void Render(RenderContext context);
}

/// <summary>The nodes between two tags.</summary>
internal sealed class Block(IReadOnlyCollection<Node> nodes)
{
    private readonly Node[] _nodes = [.. nodes];

    public bool IsBlank { get; } = nodes.All(node => node.IsBlank);

    public static Block Empty { get; } = new([]);

    /// <summary>Only for blank blocks, in which all text is white space.</summary>
    public Block WithoutText() => new([.. _nodes.Where(node => node is not TextNode)]);

    public void Render(RenderContext context)
    {
        context.Enter();
        foreach (var node in _nodes)
        {
            context.Position = node.Offset;
            context.Budget.Charge(1);
            node.Render(context);
            if (context.Interrupt != Interrupt.None)
            {
                break;
            }
        }

        context.Leave();
    }
}

internal sealed class TextNode(int offset, string text, bool isVerbatim = false) : Node(offset)
{
    public override bool IsBlank { get; } =
        isVerbatim ? text.Length == 0 : text.AsSpan().TrimStart(Whitespace.Characters).IsEmpty;

    public override void Render(RenderContext context) => context.Output.Write(text);
}
