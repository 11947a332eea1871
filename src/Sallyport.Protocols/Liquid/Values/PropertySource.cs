namespace Sallyport.Protocols.Liquid.Values;

/// <summary>A value of the engine's own, such as <c>forloop</c>, whose properties are computed.</summary>
internal abstract class PropertySource
{
    public abstract object? Get(string name);
}
