using Sallyport.Protocols.Liquid.Rendering;
using Sallyport.Protocols.Liquid.Syntax;

namespace Sallyport.Protocols.Liquid.Tags;

/// <summary>Outside a loop it ends the template.</summary>
internal sealed class InterruptNode(int offset, Interrupt interrupt) : Node(offset)
{
    public static Node? ParseBreak(Piece tag, TemplateParser parser) => new InterruptNode(tag.Offset, Interrupt.Break);

    public static Node? ParseContinue(Piece tag, TemplateParser parser) => new InterruptNode(tag.Offset, Interrupt.Continue);

    public override void Render(RenderContext context) => context.Interrupt = interrupt;
}
