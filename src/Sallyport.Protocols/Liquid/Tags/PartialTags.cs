using System.Collections.Frozen;
using Sallyport.Protocols.Liquid.Expressions;
using Sallyport.Protocols.Liquid.Rendering;
using Sallyport.Protocols.Liquid.Syntax;
using Sallyport.Protocols.Liquid.Values;

namespace Sallyport.Protocols.Liquid.Tags;

/// <summary>Renders a partial with the variables of the template. It can change them, and can end the loop that it is in.</summary>
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

/// <summary>Renders a partial that has only its arguments as variables.</summary>
internal sealed class RenderNode(int offset, PartialMarkup markup) : Node(offset)
{
    public static Node? Parse(Piece tag, TemplateParser parser) =>
        new RenderNode(tag.Offset, PartialMarkup.Parse(tag, parser, isBinding: true, isLiteral: true));

    public override void Render(RenderContext context)
    {
        var name = markup.EvaluateName(context);
        context.Position = Offset;
        var partial = context.FindPartial(name);
        var bound = markup.Bound?.Evaluate(context);
        if (markup.IsForEach && bound is (IReadOnlyList<object?> or IReadOnlyDictionary<string, object?>))
        {
            RenderEach(context, partial, name, Sequence.ForLoop(bound, context.Budget));
        }
        else
        {
            RenderOnce(context, partial, name, bound, null);
        }
    }

    private void RenderEach(RenderContext context, LiquidTemplate partial, string name, IReadOnlyList<object?> items)
    {
        var loop = new LoopValue(items.Count, name, null);
        for (; loop.Index < items.Count; loop.Index++)
        {
            context.Position = Offset;
            context.Budget.Charge(1);
            RenderOnce(context, partial, name, LiquidValue.From(items[loop.Index]), loop);
        }
    }

    private void RenderOnce(RenderContext context, LiquidTemplate partial, string name, object? bound, LoopValue? loop)
    {
        var (variables, layers, isIsolated) = (context.Variables, context.Layers, context.IsIsolated);
        context.Variables = Arguments(context, markup.BoundName(name), bound, loop);
        (context.Layers, context.IsIsolated, context.Position) = (new BlockLayers(), true, Offset);
        context.RenderPartial(partial, name);
        (context.Variables, context.Layers, context.IsIsolated) = (variables, layers, isIsolated);
        context.Interrupt = Interrupt.None;
    }

    private Variables Arguments(RenderContext context, string boundName, object? bound, LoopValue? loop)
    {
        context.Budget.Charge(markup.Arguments.Count);
        var arguments = new Variables(FrozenDictionary<string, object?>.Empty);
        arguments.Assign("forloop", loop);
        arguments.Assign(boundName, bound);
        foreach (var (name, value) in markup.Arguments)
        {
            arguments.Assign(name, value.Evaluate(context));
        }

        return arguments;
    }
}

/// <summary>The markup of tags with a partial: <c>name [with|for value [as alias]] argument: value …</c>.</summary>
internal sealed class PartialMarkup
{
    public required Expression Name { get; init; }

    public Expression? Bound { get; private set; }

    public bool IsForEach { get; private set; }

    public string? Alias { get; private set; }

    public List<(string Name, Expression Value)> Arguments { get; } = [];

    /// <summary>Parses the markup. A binding tag accepts <c>with</c> and <c>for</c>.</summary>
    public static PartialMarkup Parse(Piece tag, TemplateParser parser, bool isBinding, bool isLiteral)
    {
        var (lexer, expressions) = parser.Read(tag);
        if (isLiteral && lexer.Kind != TokenKind.Text)
        {
            throw lexer.Unexpected("a name in quotes");
        }

        var markup = new PartialMarkup { Name = expressions.ParseValue() };
        if (isBinding && (lexer.IsWord("with") || lexer.IsWord("for")))
        {
            markup.ParseBinding(lexer, expressions);
        }

        while (lexer.Kind != TokenKind.End)
        {
            if (!lexer.TryConsume(TokenKind.Comma))
            {
                var name = lexer.Consume(TokenKind.Identifier, "an argument");
                lexer.Consume(TokenKind.Colon, "':'");
                markup.Arguments.Add((name, expressions.ParseValue()));
            }
        }

        return markup;
    }

    public string EvaluateName(RenderContext context)
    {
        return Name.Evaluate(context) is string name
            ? MarkedText.Unmark(name)
            : throw new LiquidFault("the name of a partial must be text");
    }

    /// <summary>The name of the bound value in the partial.</summary>
    public string BoundName(string partial) => Alias ?? partial[(partial.LastIndexOf('/') + 1)..];

    /// <summary>Evaluates all arguments before any of them hides a variable.</summary>
    public ScopeFrame Frame(RenderContext context, string boundName)
    {
        context.Budget.Charge(Arguments.Count);
        var frame = new ScopeFrame(boundName);
        foreach (var (name, value) in Arguments)
        {
            frame.Add(name, value.Evaluate(context));
        }

        return frame;
    }

    private void ParseBinding(Lexer lexer, ExpressionParser expressions)
    {
        IsForEach = lexer.IsWord("for");
        lexer.Advance();
        Bound = expressions.ParseValue();
        if (lexer.TryConsumeWord("as"))
        {
            Alias = lexer.Consume(TokenKind.Identifier, "a name");
        }
    }
}
