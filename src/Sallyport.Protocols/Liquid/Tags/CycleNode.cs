using Sallyport.Protocols.Liquid.Expressions;
using Sallyport.Protocols.Liquid.Rendering;
using Sallyport.Protocols.Liquid.Syntax;
using Sallyport.Protocols.Liquid.Values;

namespace Sallyport.Protocols.Liquid.Tags;

/// <summary>Cycles of one name share their position, and so do nameless cycles that read the same.</summary>
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

        // A cycle of the same name may have had more values.
        context.Write(position < values.Length ? values[position].Evaluate(context) : null);
        positions[key] = position + 1 >= values.Length ? 0 : position + 1;
    }
}
