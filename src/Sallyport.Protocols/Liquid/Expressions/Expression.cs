using Sallyport.Protocols.Liquid.Rendering;

namespace Sallyport.Protocols.Liquid.Expressions;

internal abstract class Expression
{
    public abstract object? Evaluate(RenderContext context);
}
