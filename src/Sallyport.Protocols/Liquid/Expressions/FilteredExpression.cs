using Sallyport.Protocols.Liquid.Rendering;

namespace Sallyport.Protocols.Liquid.Expressions;

internal sealed class FilteredExpression(Expression input, FilterCall[] filters) : Expression
{
    public override object? Evaluate(RenderContext context)
    {
        var value = input.Evaluate(context);
        foreach (var filter in filters)
        {
            value = filter.Apply(value, context);
        }

        return value;
    }
}
