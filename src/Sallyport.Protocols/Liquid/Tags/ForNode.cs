using Sallyport.Protocols.Liquid.Rendering;
using Sallyport.Protocols.Liquid.Syntax;
using Sallyport.Protocols.Liquid.Values;

namespace Sallyport.Protocols.Liquid.Tags;

internal sealed class ForNode : Node
{
    private readonly LoopMarkup _markup;
    private readonly Block _body;
    private readonly Block _else;

    private ForNode(int offset, LoopMarkup markup, Block body, Block otherwise)
        : base(offset)
    {
        IsBlank = body.IsBlank && otherwise.IsBlank;
        _markup = markup;
        _body = IsBlank ? body.WithoutText() : body;
        _else = IsBlank ? otherwise.WithoutText() : otherwise;
    }

    public override bool IsBlank { get; }

    public static Node? Parse(Piece tag, TemplateParser parser)
    {
        var markup = LoopMarkup.Parse(tag, parser);
        var body = parser.ParseBlock(tag, ["else", "endfor"], out var end);
        var otherwise = end.Name == "else" ? parser.ParseBlock(tag, "endfor") : Block.Empty;
        return new ForNode(tag.Offset, markup, body, otherwise);
    }

    public override void Render(RenderContext context)
    {
        var slice = Slice(context);
        if (slice.Length == 0)
        {
            _else.Render(context);
            return;
        }

        var outer = context.Variables.InnermostLoop;
        var loop = new LoopValue(slice.Length, _markup.Name, outer);
        context.Variables.InnermostLoop = loop;
        var frame = new ScopeFrame(_markup.Variable, "forloop") { Second = loop };
        context.Variables.Push(frame);
        for (; loop.Index < slice.Length; loop.Index++)
        {
            context.Position = Offset;
            context.Budget.Charge(1);
            frame.First = LiquidValue.From(slice.At(loop.Index, _markup.IsReversed));
            _body.Render(context);
            var interrupt = context.Interrupt;
            context.Interrupt = Interrupt.None;
            if (interrupt == Interrupt.Break)
            {
                break;
            }
        }

        context.Variables.Pop();
        context.Variables.InnermostLoop = outer;
    }

    private LoopSlice Slice(RenderContext context)
    {
        var value = _markup.Collection.Evaluate(context);
        var offset = FirstIndex(context);
        var limit = _markup.Limit?.Evaluate(context) is { } given ? NumberText.RequireInteger(given) : (long?)null;

        // Text is one item, whatever the options say.
        var slice = value is string
            ? LoopSlice.Of(Sequence.ForLoop(value, context.Budget), 0, null)
            : LoopSlice.Of(Sequence.ForLoop(value, context.Budget), offset, limit);
        context.Variables.LoopOffsets[_markup.Name] = unchecked(offset + slice.Length);
        return slice;
    }

    private long FirstIndex(RenderContext context)
    {
        if (_markup.ContinuesOffset)
        {
            return context.Variables.LoopOffsets.GetValueOrDefault(_markup.Name);
        }

        return _markup.Offset?.Evaluate(context) is { } given ? NumberText.RequireInteger(given) : 0;
    }
}
