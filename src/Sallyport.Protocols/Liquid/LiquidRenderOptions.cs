using System.Collections.Frozen;

namespace Sallyport.Protocols.Liquid;

public sealed record LiquidRenderOptions
{
    public static LiquidRenderOptions Default { get; } = new();

    /// <summary>What <c>'now'</c> and <c>'today'</c> mean to the <c>date</c> filter. Without it a template that asks is in error.</summary>
    public DateTimeOffset? Now { get; init; }

    /// <summary>Everything that <c>include</c>, <c>render</c> and <c>layout</c> can name. There is no other place they look in.</summary>
    public IReadOnlyDictionary<string, LiquidTemplate> Partials { get; init; } = FrozenDictionary<string, LiquidTemplate>.Empty;
}
