using Sallyport.Protocols.Liquid.Rendering;
using Sallyport.Protocols.Liquid.Syntax;

namespace Sallyport.Protocols.Liquid.Tags;

/// <summary>Prints its block unless the last such block, of any such tag, printed the same.</summary>
internal sealed class IfChangedNode(int offset, Block body) : Node(offset)
{
    public override bool IsBlank => body.IsBlank;

    public static Node? Parse(Piece tag, TemplateParser parser) => new IfChangedNode(tag.Offset, parser.ParseBlock(tag, "endifchanged"));

    public override void Render(RenderContext context)
    {
        var text = context.Capture(body);
        if (!string.Equals(text, context.Variables.LastChanged, StringComparison.Ordinal))
        {
            context.Variables.LastChanged = text;
            context.Output.Write(text);
        }
    }
}
