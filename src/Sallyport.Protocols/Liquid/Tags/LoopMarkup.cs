using Sallyport.Protocols.Liquid.Expressions;
using Sallyport.Protocols.Liquid.Syntax;
using Sallyport.Protocols.Liquid.Values;

namespace Sallyport.Protocols.Liquid.Tags;

/// <summary>What <c>for</c> and <c>tablerow</c> have in common: <c>item in collection option: value …</c>.</summary>
internal sealed class LoopMarkup
{
    public required string Variable { get; init; }

    public required Expression Collection { get; init; }

    /// <summary>Variable and collection as written; loops of one name continue each other.</summary>
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
