using Sallyport.Protocols.Liquid.Filters;
using Sallyport.Protocols.Liquid.Rendering;

namespace Sallyport.Protocols.Liquid.Expressions;

internal sealed class FilterCall(FilterDefinition filter, Expression[] arguments, int offset)
{
    public object? Apply(object? input, RenderContext context)
    {
        var values = arguments.Length == 0 ? [] : new object?[arguments.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = arguments[i].Evaluate(context);
        }

        context.Position = offset;
        context.Budget.Charge(1);
        return filter.Function(input, values, new FilterScope(context.Budget, context.Options.Now));
    }
}
