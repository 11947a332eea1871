using Sallyport.Protocols.Liquid.Rendering;

namespace Sallyport.Protocols.Liquid.Expressions;

internal sealed class Literal(object? value) : Expression
{
    public static readonly Literal Nil = new(null);

    public override object? Evaluate(RenderContext context) => value;
}
