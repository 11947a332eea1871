using Sallyport.Protocols.Liquid.Expressions;
using Sallyport.Protocols.Liquid.Rendering;
using Sallyport.Protocols.Liquid.Syntax;
using Sallyport.Protocols.Liquid.Values;

namespace Sallyport.Protocols.Liquid.Tags;

internal sealed class IfNode : Node
{
    private readonly (Expression? Condition, Block Body)[] _branches;
    private readonly bool _negatesFirst;

    /// <summary>A branch without a condition is an else; later branches are never reached.</summary>
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

/// <summary>
/// Renders the block of a <c>when</c> once for each of its values that matches, and an <c>else</c> if nothing before it has matched. Existing
/// templates rely on this.
/// </summary>
internal sealed class CaseNode : Node
{
    private readonly Expression _subject;
    private readonly (Expression[]? Values, Block Body)[] _branches;

    private CaseNode(int offset, Expression subject, List<(Expression[]? Values, Block Body)> branches, bool isBlank)
        : base(offset)
    {
        _subject = subject;
        IsBlank = isBlank;
        _branches = [.. branches.Select(branch => (branch.Values, IsBlank ? branch.Body.WithoutText() : branch.Body))];
    }

    public override bool IsBlank { get; }

    public static Node? Parse(Piece tag, TemplateParser parser)
    {
        var subject = parser.ParseWhole(tag, expressions => expressions.ParseValue());
        var branches = new List<(Expression[]? Values, Block Body)>();
        var isBlank = parser.ParseBlock(tag, ["when", "else", "endcase"], out var opener).IsBlank;
        while (opener.Name != "endcase")
        {
            var values = opener.Name == "else" ? null : ParseValues(opener, parser);
            var body = parser.ParseBlock(tag, ["when", "else", "endcase"], out opener);
            branches.Add((values, body));
            isBlank &= body.IsBlank;
        }

        return new CaseNode(tag.Offset, subject, branches, isBlank);
    }

    public override void Render(RenderContext context)
    {
        var hasMatched = false;
        foreach (var (values, body) in _branches)
        {
            if (values is null && !hasMatched)
            {
                body.Render(context);
            }

            foreach (var value in values ?? [])
            {
                // Evaluated again, because the previous block may have changed it.
                var subject = _subject.Evaluate(context);
                context.Budget.Charge(1);
                if (context.Interrupt == Interrupt.None && ValueEquality.AreEqual(subject, value.Evaluate(context), context.Budget))
                {
                    hasMatched = true;
                    body.Render(context);
                }
            }
        }
    }

    private static Expression[] ParseValues(Piece tag, TemplateParser parser)
    {
        var (lexer, expressions) = parser.Read(tag);
        var values = new List<Expression> { expressions.ParseValue() };
        while (lexer.TryConsume(TokenKind.Comma) || lexer.TryConsumeWord("or"))
        {
            values.Add(expressions.ParseValue());
        }

        lexer.RequireEnd();
        return [.. values];
    }
}

/// <summary>Renders its block, and prints it unless the last <c>ifchanged</c> printed the same.</summary>
internal sealed class IfChangedNode(int offset, Block body) : Node(offset)
{
    public override bool IsBlank => body.IsBlank;

    public static Node? Parse(Piece tag, TemplateParser parser) => new IfChangedNode(tag.Offset, parser.ParseBlock(tag, "endifchanged"));

    public override void Render(RenderContext context)
    {
        var text = context.Capture(body);
        if (!string.Equals(text, context.Variables.LastChanged, StringComparison.Ordinal))
        {
            context.Variables.LastChanged = text;
            context.Output.Write(text);
        }
    }
}
