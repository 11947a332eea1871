using Sallyport.Protocols.Liquid.Expressions;
using Sallyport.Protocols.Liquid.Filters;
using Sallyport.Protocols.Liquid.Values;

namespace Sallyport.Protocols.Liquid.Syntax;

/// <summary>A value and the filters behind it. Names and numbers of arguments are checked here, before anything is rendered.</summary>
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

    /// <summary>The value of the named argument if it is that one; otherwise it has been added to the list.</summary>
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
