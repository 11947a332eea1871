using System.Globalization;
using Sallyport.Protocols.Liquid.Expressions;
using Sallyport.Protocols.Liquid.Filters;
using Sallyport.Protocols.Liquid.Values;

namespace Sallyport.Protocols.Liquid.Syntax;

internal sealed class ExpressionParser(Lexer lexer, Nesting nesting)
{
    /// <summary>Parses a value without filters: a literal, a range or a path.</summary>
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

/// <summary>Parses a value and its filters. Checks the names of filters and the numbers of arguments.</summary>
internal sealed class FilterParser(Lexer lexer, ExpressionParser values)
{
    public Expression Parse()
    {
        var input = values.ParseValue();
        var filters = new List<FilterCall>();
        while (lexer.TryConsume(TokenKind.Pipe))
        {
            filters.Add(ParseCall());
        }

        return filters.Count == 0 ? input : new FilteredExpression(input, [.. filters]);
    }

    private FilterCall ParseCall()
    {
        var offset = lexer.Start;
        var name = lexer.Consume(TokenKind.Identifier, "the name of a filter");
        var filter = FilterRegistry.Find(name) ?? throw new LiquidFault($"unknown filter {LiquidFault.Quote(name)}", offset);
        var arguments = new List<Expression>();
        Expression? named = null;
        if (lexer.TryConsume(TokenKind.Colon))
        {
            do
            {
                named = ParseArgument(filter, arguments) ?? named;
            }
            while (lexer.TryConsume(TokenKind.Comma));
        }

        if (arguments.Count < filter.MinArguments || arguments.Count > filter.MaxArguments)
        {
            throw new LiquidFault($"filter '{name}' takes {Expected(filter)} but has {arguments.Count}", offset);
        }

        return new FilterCall(filter, Complete(filter, arguments, named), offset);
    }

    /// <summary>Parses an argument. Returns the value of the named argument; adds any other to the list and returns null.</summary>
    private Expression? ParseArgument(FilterDefinition filter, List<Expression> arguments)
    {
        var offset = lexer.Start;
        var word = lexer.Kind == TokenKind.Identifier ? lexer.Text : "";
        var value = values.ParseValue();
        if (lexer.Kind != TokenKind.Colon || word.Length == 0)
        {
            arguments.Add(value);
            return null;
        }

        if (word != filter.Keyword)
        {
            throw new LiquidFault($"the filter has no argument named {LiquidFault.Quote(word)}", offset);
        }

        lexer.Advance();
        return values.ParseValue();
    }

    private static Expression[] Complete(FilterDefinition filter, List<Expression> arguments, Expression? named)
    {
        if (filter.Keyword is null)
        {
            return [.. arguments];
        }

        var absent = Enumerable.Repeat<Expression>(Literal.Nil, filter.MaxArguments - arguments.Count);
        return [.. arguments, .. absent, named ?? Literal.Nil];
    }

    private static string Expected(FilterDefinition filter) => (filter.MinArguments, filter.MaxArguments) switch
    {
        (0, 0) => "no arguments",
        (1, 1) => "one argument",
        var (least, most) => least == most ? $"{most} arguments" : $"{least} to {most} arguments",
    };
}
