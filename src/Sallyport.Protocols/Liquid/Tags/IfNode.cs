using Sallyport.Protocols.Liquid.Expressions;
using Sallyport.Protocols.Liquid.Rendering;
using Sallyport.Protocols.Liquid.Syntax;
using Sallyport.Protocols.Liquid.Values;

namespace Sallyport.Protocols.Liquid.Tags;

internal sealed class IfNode : Node
{
    private readonly (Expression? Condition, Block Body)[] _branches;
    private readonly bool _negatesFirst;

    /// <summary>A branch without a condition is an else; what comes after it is never reached.</summary>
    private IfNode(int offset, List<(Expression? Condition, Block Body)> branches, bool negatesFirst)
        : base(offset)
    {
        IsBlank = branches.All(branch => branch.Body.IsBlank);
        _branches = [.. branches.Select(branch => (branch.Condition, IsBlank ? branch.Body.WithoutText() : branch.Body))];
        _negatesFirst = negatesFirst;
    }

    public override bool IsBlank { get; }

    public static Node? ParseIf(Piece tag, TemplateParser parser) => Parse(tag, parser, negatesFirst: false);

    public static Node? ParseUnless(Piece tag, TemplateParser parser) => Parse(tag, parser, negatesFirst: true);

    public override void Render(RenderContext context)
    {
        for (var i = 0; i < _branches.Length; i++)
        {
            var (condition, body) = _branches[i];
            if (condition is null || LiquidValue.IsTruthy(condition.Evaluate(context)) != (_negatesFirst && i == 0))
            {
                body.Render(context);
                return;
            }

            context.Budget.Charge(1);
        }
    }

    private static IfNode Parse(Piece tag, TemplateParser parser, bool negatesFirst)
    {
        var branches = new List<(Expression? Condition, Block Body)>();
        var opener = tag;
        var closing = "end" + tag.Name;
        while (opener.Name != closing)
        {
            var condition = opener.Name == "else" ? null : parser.ParseWhole(opener, expressions => expressions.ParseCondition());
            var body = parser.ParseBlock(tag, ["elsif", "else", closing], out opener);
            branches.Add((condition, body));
        }

        return new IfNode(tag.Offset, branches, negatesFirst);
    }
}
