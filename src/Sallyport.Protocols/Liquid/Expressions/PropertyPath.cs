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
            value = segment.Name is { } name
                ? LiquidValue.Property(value, name)
                : LiquidValue.Item(value, segment.Index!.Evaluate(context));
        }

        return value is OuterContent content ? content.Render(context) : value;
    }
}
