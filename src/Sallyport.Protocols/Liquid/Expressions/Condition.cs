using Sallyport.Protocols.Liquid.Rendering;
using Sallyport.Protocols.Liquid.Values;

namespace Sallyport.Protocols.Liquid.Expressions;

/// <summary>
/// A chain of <c>and</c> and <c>or</c>. Both have the same precedence and are right-associative: <c>a and b or c</c> is <c>a and (b or c)</c>.
/// So the first operand from the left that decides its operator decides the result.
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

internal sealed class Comparison(Expression left, ComparisonOperator comparison, Expression right, int offset) : Expression
{
    public override object? Evaluate(RenderContext context)
    {
        var (a, b) = (left.Evaluate(context), right.Evaluate(context));
        context.Position = offset;
        return Boxed.Of(comparison switch
        {
            ComparisonOperator.Equal => ValueEquality.AreEqual(a, b, context.Budget),
            ComparisonOperator.NotEqual => !ValueEquality.AreEqual(a, b, context.Budget),
            ComparisonOperator.Contains => Contains(a, b, context.Budget),
            ComparisonOperator.Less => Order(a, b, context.Budget) < 0,
            ComparisonOperator.LessOrEqual => Order(a, b, context.Budget) <= 0,
            ComparisonOperator.Greater => Order(a, b, context.Budget) > 0,
            ComparisonOperator.GreaterOrEqual => Order(a, b, context.Budget) >= 0,
        });
    }

    /// <summary>
    /// Returns null for values without an order, which makes every comparison false. Comparing text with a number is an error.
    /// </summary>
    private static int? Order(object? left, object? right, Budget budget) =>
        (left, right) is (string, long or double) or (long or double, string)
            ? throw new LiquidFault("text and a number cannot be compared")
            : ValueOrder.Compare(left, right, budget);

    private static bool Contains(object? whole, object? part, Budget budget)
    {
        if (!LiquidValue.IsTruthy(part))
        {
            return false;
        }

        switch (whole)
        {
            case string text:
                return TextSearch.First(text, ValueText.Of(part, budget), budget) >= 0;
            case IReadOnlyDictionary<string, object?> map:
                budget.ChargeReading(part);
                return part is string key && map.ContainsKey(key);
            case IReadOnlyList<object?> list:
                budget.Charge(list.Count);
                return list.Any(item => ValueEquality.AreEqual(item, part, budget));
            default:
                return false;
        }
    }
}

internal enum ComparisonOperator
{
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Contains,
}
