using Sallyport.Protocols.Liquid.Expressions;
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

        // Text is one item, and the options do not apply.
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

/// <summary>The markup of <c>for</c> and <c>tablerow</c>: <c>item in collection option: value …</c>.</summary>
internal sealed class LoopMarkup
{
    public required string Variable { get; init; }

    public required Expression Collection { get; init; }

    /// <summary>Variable and collection as written. <c>offset: continue</c> continues the last loop of the same name.</summary>
    public required string Name { get; init; }

    public bool IsReversed { get; private set; }

    public bool ContinuesOffset { get; private set; }

    public Expression? Limit { get; private set; }

    public Expression? Offset { get; private set; }

    public Expression? Columns { get; private set; }

    public static LoopMarkup Parse(Piece tag, TemplateParser parser)
    {
        var (lexer, expressions) = parser.Read(tag);
        var variable = lexer.Consume(TokenKind.Identifier, "the name of the item");
        if (!lexer.TryConsumeWord("in"))
        {
            throw lexer.Unexpected("'in'");
        }

        var start = lexer.Start;
        var collection = expressions.ParseValue();
        var name = variable + "-" + SourceText.Of(parser.Source, start, lexer.ConsumedEnd);
        var markup = new LoopMarkup { Variable = variable, Collection = collection, Name = name };
        while (lexer.Kind != TokenKind.End)
        {
            if (!lexer.TryConsume(TokenKind.Comma))
            {
                markup.ParseOption(tag.Name == "for", lexer, expressions);
            }
        }

        return markup;
    }

    private void ParseOption(bool isFor, Lexer lexer, ExpressionParser expressions)
    {
        var offset = lexer.Start;
        var option = lexer.Consume(TokenKind.Identifier, "an option");
        if (isFor && option == "reversed")
        {
            IsReversed = true;
            return;
        }

        lexer.Consume(TokenKind.Colon, "':'");
        switch (option)
        {
            case "limit":
                Limit = expressions.ParseValue();
                break;
            case "offset" when isFor && lexer.TryConsumeWord("continue"):
                ContinuesOffset = true;
                break;
            case "offset":
                Offset = expressions.ParseValue();
                break;
            case "cols" when !isFor:
                Columns = expressions.ParseValue();
                break;
            default:
                throw new LiquidFault($"unknown option {LiquidFault.Quote(option)}", offset);
        }
    }
}

/// <summary>The part of a list that a loop iterates over.</summary>
internal readonly record struct LoopSlice(IReadOnlyList<object?> Items, int Start, int Length)
{
    /// <summary>If the limit is null, there is none.</summary>
    public static LoopSlice Of(IReadOnlyList<object?> items, long offset, long? limit)
    {
        var start = Math.Clamp(offset, 0, items.Count);

        // The limit counts from the offset, even if that is negative.
        var end = limit is null ? items.Count : (long)Int128.Clamp((Int128)offset + limit.Value, start, items.Count);
        return new LoopSlice(items, (int)start, (int)(end - start));
    }

    public object? At(int index, bool isReversed = false) => Items[isReversed ? Start + Length - 1 - index : Start + index];
}

/// <summary>The value of <c>forloop</c>.</summary>
internal sealed class LoopValue(int length, string name, PropertySource? parent) : PropertySource
{
    public int Index { get; set; }

    public override object? Get(string property) => property switch
    {
        "index" => Boxed.Of(Index + 1),
        "index0" => Boxed.Of(Index),
        "rindex" => Boxed.Of(length - Index),
        "rindex0" => Boxed.Of(length - Index - 1),
        "first" => Boxed.Of(Index == 0),
        "last" => Boxed.Of(Index == length - 1),
        "length" => Boxed.Of(length),
        "name" => name,
        "parentloop" => parent,
        _ => null,
    };
}

/// <summary><c>break</c> and <c>continue</c>. Outside a loop they end the template.</summary>
internal sealed class InterruptNode(int offset, Interrupt interrupt) : Node(offset)
{
    public static Node? ParseBreak(Piece tag, TemplateParser parser) => new InterruptNode(tag.Offset, Interrupt.Break);

    public static Node? ParseContinue(Piece tag, TemplateParser parser) => new InterruptNode(tag.Offset, Interrupt.Continue);

    public override void Render(RenderContext context) => context.Interrupt = interrupt;
}

/// <summary>Cycles with the same name share their position, as do cycles without a name that are written the same.</summary>
internal sealed class CycleNode(int offset, Expression? name, string text, Expression[] values) : Node(offset)
{
    public static Node? Parse(Piece tag, TemplateParser parser)
    {
        var (lexer, expressions) = parser.Read(tag);
        Expression? name = null;
        var values = new List<Expression> { expressions.ParseValue() };
        if (lexer.TryConsume(TokenKind.Colon))
        {
            name = values[0];
            values[0] = expressions.ParseValue();
        }

        while (lexer.TryConsume(TokenKind.Comma) && lexer.Kind != TokenKind.End)
        {
            values.Add(expressions.ParseValue());
        }

        lexer.RequireEnd();
        return new CycleNode(tag.Offset, name, SourceText.Of(parser.Source, tag.Start, tag.End), [.. values]);
    }

    public override void Render(RenderContext context)
    {
        var key = name is null ? "text:" + text : "name:" + ValueText.Of(name.Evaluate(context), context.Budget);
        context.Budget.ChargeText(key.Length);
        var positions = context.Variables.CyclePositions;
        var position = positions.GetValueOrDefault(key);

        // Another cycle of the same name may have more values.
        context.Write(position < values.Length ? values[position].Evaluate(context) : null);
        positions[key] = position + 1 >= values.Length ? 0 : position + 1;
    }
}
