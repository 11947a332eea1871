using Sallyport.Protocols.Liquid.Rendering;
using Sallyport.Protocols.Liquid.Syntax;
using Sallyport.Protocols.Liquid.Values;

namespace Sallyport.Protocols.Liquid.Tags;

/// <summary>The partial sees and changes the variables of its place, and may break the loop that it stands in.</summary>
internal sealed class IncludeNode(int offset, PartialMarkup markup) : Node(offset)
{
    public static Node? Parse(Piece tag, TemplateParser parser) =>
        new IncludeNode(tag.Offset, PartialMarkup.Parse(tag, parser, isBinding: true, isLiteral: false));

    public override void Render(RenderContext context)
    {
        if (context.IsIsolated)
        {
            throw new LiquidFault("include cannot be used within render");
        }

        var name = markup.EvaluateName(context);
        context.Position = Offset;
        var partial = context.FindPartial(name);
        var boundName = markup.BoundName(name);
        var bound = markup.Bound is null ? context.Variables.Find(boundName) : markup.Bound.Evaluate(context);
        var frame = markup.Frame(context, boundName);
        var layers = context.Layers;
        (context.Layers, context.Position) = (new BlockLayers(), Offset);
        context.Variables.Push(frame);
        foreach (var item in bound is IReadOnlyList<object?> list and not LiquidRange ? list : [bound])
        {
            context.Budget.Charge(1);
            frame.First = LiquidValue.From(item);
            context.RenderPartial(partial, name);
            if (context.Interrupt != Interrupt.None)
            {
                break;
            }
        }

        context.Variables.Pop();
        context.Layers = layers;
    }
}
