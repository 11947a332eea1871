namespace Sallyport.Protocols.Liquid.Rendering;

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
