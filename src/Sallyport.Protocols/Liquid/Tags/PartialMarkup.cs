using Sallyport.Protocols.Liquid.Expressions;
using Sallyport.Protocols.Liquid.Rendering;
using Sallyport.Protocols.Liquid.Syntax;
using Sallyport.Protocols.Liquid.Values;

namespace Sallyport.Protocols.Liquid.Tags;

/// <summary>What the tags that use a partial have in common: <c>name [with|for value [as alias]] argument: value …</c>.</summary>
internal sealed class PartialMarkup
{
    public required Expression Name { get; init; }

    public Expression? Bound { get; private set; }

    public bool IsForEach { get; private set; }

    public string? Alias { get; private set; }

    public List<(string Name, Expression Value)> Arguments { get; } = [];

    /// <summary>A tag that is binding understands <c>with</c> and <c>for</c>.</summary>
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
        var name = Name.Evaluate(context);
        return name as string ?? throw new LiquidFault("the name of a partial must be text");
    }

    /// <summary>The name that the bound value has within the partial.</summary>
    public string BoundName(string partial) => Alias ?? partial[(partial.LastIndexOf('/') + 1)..];

    /// <summary>All values are taken before any name is hidden by another.</summary>
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
