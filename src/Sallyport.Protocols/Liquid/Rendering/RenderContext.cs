using Sallyport.Protocols.Liquid.Values;

namespace Sallyport.Protocols.Liquid.Rendering;

/// <summary>The state of one rendering. After a fault only its position is used.</summary>
internal sealed class RenderContext(Budget budget, OutputBuffer output, LiquidRenderOptions options, Variables variables)
{
    // The root block has depth 0.
    private int _depth = -1;

    public Budget Budget => budget;

    public OutputBuffer Output => output;

    public LiquidRenderOptions Options => options;

    public Variables Variables { get; set; } = variables;

    public Interrupt Interrupt { get; set; }

    /// <summary>Offset in the source of the node that is being rendered.</summary>
    public int Position { get; set; }

    public (LiquidTemplate? Template, string? Name) CurrentPartial { get; private set; }

    /// <summary>Whether the template was rendered by <c>render</c>, in which <c>include</c> is an error.</summary>
    public bool IsIsolated { get; set; }

    public BlockLayers Layers { get; set; } = new();

    public void Enter() => budget.RequireNesting(++_depth);

    public void Leave() => _depth--;

    public LiquidTemplate FindPartial(string name)
    {
        budget.ChargeText(name.Length);
        return options.Partials.TryGetValue(name, out var partial)
            ? partial
            : throw new LiquidFault($"there is no partial named {LiquidFault.Quote(name)}");
    }

    public void RenderPartial(LiquidTemplate partial, string name)
    {
        var (outer, position) = (CurrentPartial, Position);
        Enter();
        CurrentPartial = (partial, name);
        partial.Root.Render(this);
        CurrentPartial = outer;
        Position = position;
        Leave();
    }

    /// <summary>Renders a block of another template, such as a block that replaces one of a layout.</summary>
    public void RenderForeign(Block block, (LiquidTemplate? Template, string? Name) owner)
    {
        var (outer, position) = (CurrentPartial, Position);
        CurrentPartial = owner;
        block.Render(this);
        CurrentPartial = outer;
        Position = position;
    }

    public void Write(object? value)
    {
        switch (value)
        {
            case null:
                break;
            case string text:
                output.Write(text);
                break;
            case long number:
                output.Write(number);
                break;
            default:
                output.Write(ValueText.Of(value, budget));
                break;
        }
    }

    public string Capture(Block block)
    {
        var start = output.Length;
        block.Render(this);
        budget.RequireString(output.Length - start);
        return output.CutFrom(start);
    }
}

internal enum Interrupt
{
    None,
    Break,
    Continue,
}
