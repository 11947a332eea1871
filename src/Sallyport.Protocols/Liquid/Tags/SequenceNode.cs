using Sallyport.Protocols.Liquid.Rendering;

namespace Sallyport.Protocols.Liquid.Tags;

internal sealed class SequenceNode(int offset, Block body) : Node(offset)
{
    public override bool IsBlank => body.IsBlank;

    public override void Render(RenderContext context) => body.Render(context);
}
