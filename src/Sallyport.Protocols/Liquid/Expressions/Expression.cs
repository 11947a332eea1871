using Sallyport.Protocols.Liquid.Filters;
using Sallyport.Protocols.Liquid.Rendering;
using Sallyport.Protocols.Liquid.Values;

namespace Sallyport.Protocols.Liquid.Expressions;

internal abstract class Expression
{
    public abstract object? Evaluate(RenderContext context);
}

internal sealed class Literal(object? value) : Expression
{
    public static readonly Literal Nil = new(null);

    public override object? Evaluate(RenderContext context) => value;
}

internal sealed class Variable(string name) : Expression
{
    public override object? Evaluate(RenderContext context) => context.Variables.Find(name);
}

/// <summary><c>[expression]</c>: the variable with this name.</summary>
internal sealed class ComputedVariable(Expression name) : Expression
{
    public override object? Evaluate(RenderContext context)
    {
        var value = name.Evaluate(context);
        context.Budget.ChargeReading(value);
        return value is string text ? context.Variables.Find(MarkedText.Unmark(text)) : null;
    }
}

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

/// <summary>A segment of a path: either <c>.name</c> or <c>[index]</c>.</summary>
internal readonly record struct PathSegment(string? Name, Expression? Index);

internal sealed class RangeExpression(Expression first, Expression last) : Expression
{
    public override object? Evaluate(RenderContext context) => LiquidRange.Create(
        NumberText.ToInteger(first.Evaluate(context)), NumberText.ToInteger(last.Evaluate(context)), context.Budget);
}

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
        return filter.Function(input, values, new FilterScope(context.Budget, context.Options));
    }
}

internal sealed class OutputNode(int offset, Expression? expression) : Node(offset)
{
    public override void Render(RenderContext context) => context.Write(expression?.Evaluate(context));
}
