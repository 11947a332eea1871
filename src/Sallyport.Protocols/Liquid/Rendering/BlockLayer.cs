namespace Sallyport.Protocols.Liquid.Rendering;

/// <summary>The text stands in for the body when the layer is the content that a page has outside its blocks.</summary>
internal sealed record BlockLayer(Block Body, (LiquidTemplate? Template, string? Name) Owner, string? Text = null);
