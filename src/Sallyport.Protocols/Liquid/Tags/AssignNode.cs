using Sallyport.Protocols.Liquid.Expressions;
using Sallyport.Protocols.Liquid.Rendering;
using Sallyport.Protocols.Liquid.Syntax;

namespace Sallyport.Protocols.Liquid.Tags;

internal sealed class AssignNode(int offset, string name, Expression value) : Node(offset)
{
    public override bool IsBlank => true;

    public static Node? Parse(Piece tag, TemplateParser parser)
    {
        var (name, end) = TargetName.Parse(tag, parser);
        var (lexer, expressions) = parser.Read(tag with { Start = end });
        lexer.Consume(TokenKind.Assign, "'='");
        var value = expressions.ParseFiltered();
        lexer.RequireEnd();
        return new AssignNode(tag.Offset, name, value);
    }

    public override void Render(RenderContext context) => context.Variables.Assign(name, value.Evaluate(context));
}
