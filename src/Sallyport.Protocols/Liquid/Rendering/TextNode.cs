using Sallyport.Protocols.Liquid.Values;

namespace Sallyport.Protocols.Liquid.Rendering;

internal sealed class TextNode(int offset, string text, bool isVerbatim = false) : Node(offset)
{
    public override bool IsBlank { get; } =
        isVerbatim ? text.Length == 0 : text.AsSpan().TrimStart(Whitespace.Characters).IsEmpty;

    public override void Render(RenderContext context) => context.Output.Write(text);
}
