using Sallyport.Protocols.Liquid.Rendering;

namespace Sallyport.Protocols.Liquid.Expressions;

internal sealed class Variable(string name) : Expression
{
    public override object? Evaluate(RenderContext context) => context.Variables.Find(name);
}
