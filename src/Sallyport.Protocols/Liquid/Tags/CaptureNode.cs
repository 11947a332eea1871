using Sallyport.Protocols.Liquid.Rendering;
using Sallyport.Protocols.Liquid.Syntax;

namespace Sallyport.Protocols.Liquid.Tags;

internal sealed class CaptureNode(int offset, string name, Block body) : Node(offset)
{
    public override bool IsBlank => true;

    public static Node? Parse(Piece tag, TemplateParser parser) =>
        new CaptureNode(tag.Offset, TargetName.ParseOnly(tag, parser), parser.ParseBlock(tag, "endcapture"));

    public override void Render(RenderContext context) => context.Variables.Assign(name, context.Capture(body));
}
