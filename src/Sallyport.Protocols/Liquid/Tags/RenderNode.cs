using System.Collections.Frozen;
using Sallyport.Protocols.Liquid.Rendering;
using Sallyport.Protocols.Liquid.Syntax;
using Sallyport.Protocols.Liquid.Values;

namespace Sallyport.Protocols.Liquid.Tags;

/// <summary>The partial sees its arguments and nothing else.</summary>
internal sealed class RenderNode(int offset, PartialMarkup markup) : Node(offset)
{
    public static Node? Parse(Piece tag, TemplateParser parser) =>
        new RenderNode(tag.Offset, PartialMarkup.Parse(tag, parser, isBinding: true, isLiteral: true));

    public override void Render(RenderContext context)
    {
        var name = markup.EvaluateName(context);
        context.Position = Offset;
        var partial = context.FindPartial(name);
        var bound = markup.Bound?.Evaluate(context);
        if (markup.IsForEach && bound is (IReadOnlyList<object?> or IReadOnlyDictionary<string, object?>))
        {
            RenderEach(context, partial, name, Sequence.ForLoop(bound, context.Budget));
        }
        else
        {
            RenderOnce(context, partial, name, bound, null);
        }
    }

    private void RenderEach(RenderContext context, LiquidTemplate partial, string name, IReadOnlyList<object?> items)
    {
        var loop = new LoopValue(items.Count, name, null);
        for (; loop.Index < items.Count; loop.Index++)
        {
            context.Position = Offset;
            context.Budget.Charge(1);
            RenderOnce(context, partial, name, LiquidValue.From(items[loop.Index]), loop);
        }
    }

    private void RenderOnce(RenderContext context, LiquidTemplate partial, string name, object? bound, LoopValue? loop)
    {
        var (variables, layers, isIsolated) = (context.Variables, context.Layers, context.IsIsolated);
        context.Variables = Arguments(context, markup.BoundName(name), bound, loop);
        (context.Layers, context.IsIsolated, context.Position) = (new BlockLayers(), true, Offset);
        context.RenderPartial(partial, name);
        (context.Variables, context.Layers, context.IsIsolated) = (variables, layers, isIsolated);
        context.Interrupt = Interrupt.None;
    }

    private Variables Arguments(RenderContext context, string boundName, object? bound, LoopValue? loop)
    {
        context.Budget.Charge(markup.Arguments.Count);
        var arguments = new Variables(FrozenDictionary<string, object?>.Empty);
        arguments.Assign("forloop", loop);
        arguments.Assign(boundName, bound);
        foreach (var (name, value) in markup.Arguments)
        {
            arguments.Assign(name, value.Evaluate(context));
        }

        return arguments;
    }
}
