using Sallyport.Protocols.Liquid.Rendering;

namespace Sallyport.Protocols.Liquid.Expressions;

/// <summary><c>[expression]</c>: the variable whose name is the value.</summary>
internal sealed class ComputedVariable(Expression name) : Expression
{
    public override object? Evaluate(RenderContext context)
    {
        var value = name.Evaluate(context);
        context.Budget.ChargeReading(value);
        return value is string text ? context.Variables.Find(text) : null;
    }
}
