using Sallyport.Protocols.Liquid.Rendering;
using Sallyport.Protocols.Liquid.Syntax;

namespace Sallyport.Protocols.Liquid.Tags;

/// <summary>An increment prints the counter and then moves it, a decrement moves it and then prints it.</summary>
internal sealed class CounterNode(int offset, string name, int step) : Node(offset)
{
    public static Node? ParseIncrement(Piece tag, TemplateParser parser) =>
        new CounterNode(tag.Offset, TargetName.ParseOnly(tag, parser), 1);

    public static Node? ParseDecrement(Piece tag, TemplateParser parser) =>
        new CounterNode(tag.Offset, TargetName.ParseOnly(tag, parser), -1);

    public override void Render(RenderContext context) => context.Output.Write(context.Variables.Count(name, step, before: step > 0));
}
