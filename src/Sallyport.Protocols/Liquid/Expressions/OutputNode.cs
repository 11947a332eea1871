using Sallyport.Protocols.Liquid.Rendering;

namespace Sallyport.Protocols.Liquid.Expressions;

internal sealed class OutputNode(int offset, Expression? expression) : Node(offset)
{
    public override void Render(RenderContext context) => context.Write(expression?.Evaluate(context));
}
