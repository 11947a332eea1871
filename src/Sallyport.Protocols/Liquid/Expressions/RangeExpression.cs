using Sallyport.Protocols.Liquid.Rendering;
using Sallyport.Protocols.Liquid.Values;

namespace Sallyport.Protocols.Liquid.Expressions;

internal sealed class RangeExpression(Expression first, Expression last) : Expression
{
    public override object? Evaluate(RenderContext context) => LiquidRange.Create(
        NumberText.ToInteger(first.Evaluate(context)), NumberText.ToInteger(last.Evaluate(context)), context.Budget);
}
