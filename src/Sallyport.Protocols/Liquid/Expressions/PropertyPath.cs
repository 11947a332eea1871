using Sallyport.Protocols.Liquid.Rendering;
using Sallyport.Protocols.Liquid.Values;

namespace Sallyport.Protocols.Liquid.Expressions;

internal sealed class PropertyPath(Expression root, PathSegment[] segments) : Expression
{
    public override object? Evaluate(RenderContext context)
    {
        var value = root.Evaluate(context);
        foreach (var segment in segments)
        {
            var index = segment.Index?.Evaluate(context);
            context.Budget.Charge(1);
            context.Budget.ChargeReading(value);
            context.Budget.ChargeReading(index);
            value = segment.Name is { } name ? LiquidValue.Property(value, name) : LiquidValue.Item(value, index);
        }

        return value is OuterContent content ? content.Render(context) : value;
    }
}
