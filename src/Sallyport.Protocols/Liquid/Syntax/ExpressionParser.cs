using System.Globalization;
using Sallyport.Protocols.Liquid.Expressions;
using Sallyport.Protocols.Liquid.Values;

namespace Sallyport.Protocols.Liquid.Syntax;

internal sealed class ExpressionParser(Lexer lexer, Nesting nesting)
{
    /// <summary>A value without filters: a literal, a range or a path.</summary>
    public Expression ParseValue()
    {
        nesting.Enter(lexer.Start);
        var value = lexer.Kind switch
        {
            TokenKind.Text => new Literal(lexer.Consume(TokenKind.Text, "text")),
            TokenKind.Integer or TokenKind.Float => ParseNumber(),
            TokenKind.OpenParenthesis => ParseRange(),
            TokenKind.OpenBracket => ParsePath(ParseComputedName()),
            TokenKind.Identifier => ParseName(),
            _ => throw lexer.Unexpected("a value"),
        };
        nesting.Leave();
        return value;
    }

    public Expression ParseFiltered() => new FilterParser(lexer, this).Parse();

    public Expression ParseCondition()
    {
        var operands = new List<Expression> { ParseComparison() };
        var isAnd = new List<bool>();
        while (lexer.IsWord("and") || lexer.IsWord("or"))
        {
            isAnd.Add(lexer.IsWord("and"));
            lexer.Advance();
            operands.Add(ParseComparison());
        }

        return isAnd.Count == 0 ? operands[0] : new LogicalChain([.. operands], [.. isAnd]);
    }

    private Expression ParseComparison()
    {
        var left = ParseValue();
        var offset = lexer.Start;
        if (ComparisonAhead() is not { } comparison)
        {
            return left;
        }

        lexer.Advance();
        return new Comparison(left, comparison, ParseValue(), offset);
    }

    private ComparisonOperator? ComparisonAhead() => lexer.Kind switch
    {
        TokenKind.Equal => ComparisonOperator.Equal,
        TokenKind.NotEqual => ComparisonOperator.NotEqual,
        TokenKind.Less => ComparisonOperator.Less,
        TokenKind.LessOrEqual => ComparisonOperator.LessOrEqual,
        TokenKind.Greater => ComparisonOperator.Greater,
        TokenKind.GreaterOrEqual => ComparisonOperator.GreaterOrEqual,
        _ => lexer.IsWord("contains") ? ComparisonOperator.Contains : null,
    };

    private Literal ParseNumber()
    {
        var isInteger = lexer.Kind == TokenKind.Integer;
        var text = lexer.Text;
        lexer.Advance();
        if (isInteger && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer))
        {
            return new Literal(Boxed.Of(integer));
        }

        var real = double.Parse(text, CultureInfo.InvariantCulture);
        return double.IsFinite(real) ? new Literal(real) : throw new LiquidFault("a number is out of range", lexer.ConsumedEnd);
    }

    private RangeExpression ParseRange()
    {
        lexer.Advance();
        var first = ParseValue();
        lexer.Consume(TokenKind.Range, "'..'");
        var last = ParseValue();
        lexer.Consume(TokenKind.CloseParenthesis, "')'");
        return new RangeExpression(first, last);
    }

    private ComputedVariable ParseComputedName()
    {
        lexer.Advance();
        var name = ParseValue();
        lexer.Consume(TokenKind.CloseBracket, "']'");
        return new ComputedVariable(name);
    }

    private Expression ParseName()
    {
        var name = lexer.Consume(TokenKind.Identifier, "a name");
        if (lexer.Kind is TokenKind.Dot or TokenKind.OpenBracket)
        {
            return ParsePath(new Variable(name));
        }

        return name switch
        {
            "nil" or "null" => Literal.Nil,
            "true" => new Literal(Boxed.True),
            "false" => new Literal(Boxed.False),
            "empty" => new Literal(EmptyKind.Empty),
            "blank" => new Literal(EmptyKind.Blank),
            _ => new Variable(name),
        };
    }

    private Expression ParsePath(Expression root)
    {
        var segments = new List<PathSegment>();
        while (true)
        {
            if (lexer.TryConsume(TokenKind.Dot))
            {
                segments.Add(new PathSegment(lexer.Consume(TokenKind.Identifier, "a name"), null));
            }
            else if (lexer.TryConsume(TokenKind.OpenBracket))
            {
                segments.Add(new PathSegment(null, ParseValue()));
                lexer.Consume(TokenKind.CloseBracket, "']'");
            }
            else
            {
                return segments.Count == 0 ? root : new PropertyPath(root, [.. segments]);
            }
        }
    }
}
