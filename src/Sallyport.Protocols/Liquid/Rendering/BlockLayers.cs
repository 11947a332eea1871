namespace Sallyport.Protocols.Liquid.Rendering;

/// <summary>
/// The blocks that a page and its layouts define, by name: those of the page first, then those of its layout, and so on.
/// </summary>
internal sealed class BlockLayers
{
    private Dictionary<string, List<BlockLayer>>? _layers;

    /// <summary>Whether the content of a page with a layout is being rendered: its blocks are stored and not printed.</summary>
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

/// <summary>The content of a block. <paramref name="Text"/> is used instead of the body for the content of a page outside its blocks.</summary>
internal sealed record BlockLayer(Block Body, (LiquidTemplate? Template, string? Name) Owner, string? Text = null);
