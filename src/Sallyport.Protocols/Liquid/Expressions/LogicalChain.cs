using Sallyport.Protocols.Liquid.Rendering;
using Sallyport.Protocols.Liquid.Values;

namespace Sallyport.Protocols.Liquid.Expressions;

/// <summary>
/// <c>a and b or c</c> reads <c>a and (b or c)</c>: neither word binds tighter and both bind to the right. From left to right, therefore,
/// the first operand that settles its own operator settles everything.
/// </summary>
internal sealed class LogicalChain(Expression[] operands, bool[] isAnd) : Expression
{
    public override object? Evaluate(RenderContext context)
    {
        for (var i = 0; i < isAnd.Length; i++)
        {
            context.Budget.Charge(1);
            var value = LiquidValue.IsTruthy(operands[i].Evaluate(context));
            if (value != isAnd[i])
            {
                return Boxed.Of(value);
            }
        }

        return operands[^1].Evaluate(context);
    }
}
