namespace Sallyport.Protocols.Liquid.Rendering;

/// <summary>What stands between two tags.</summary>
internal sealed class Block(IReadOnlyCollection<Node> nodes)
{
    private readonly Node[] _nodes = [.. nodes];

    public bool IsBlank { get; } = nodes.All(node => node.IsBlank);

    public static Block Empty { get; } = new([]);

    /// <summary>Only called on blank blocks, whose text is white space.</summary>
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
