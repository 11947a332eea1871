namespace Sallyport.Protocols.Liquid.Rendering;

internal abstract class Node(int offset)
{
    public int Offset => offset;

    /// <summary>
    /// Whether it never prints anything. A block of nothing but such nodes and white space does not print the white space.
    /// </summary>
    public virtual bool IsBlank => false;

    public abstract void Render(RenderContext context);
}
