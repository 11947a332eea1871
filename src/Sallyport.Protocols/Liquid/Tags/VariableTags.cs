using Sallyport.Protocols.Liquid.Expressions;
using Sallyport.Protocols.Liquid.Rendering;
using Sallyport.Protocols.Liquid.Syntax;
using Sallyport.Protocols.Liquid.Values;

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

internal sealed class CaptureNode(int offset, string name, Block body) : Node(offset)
{
    public override bool IsBlank => true;

    public static Node? Parse(Piece tag, TemplateParser parser) =>
        new CaptureNode(tag.Offset, TargetName.ParseOnly(tag, parser), parser.ParseBlock(tag, "endcapture"));

    public override void Render(RenderContext context) => context.Variables.Assign(name, context.Capture(body));
}

/// <summary><c>increment</c> prints the counter and then changes it, <c>decrement</c> changes it and then prints it.</summary>
internal sealed class CounterNode(int offset, string name, int step) : Node(offset)
{
    public static Node? ParseIncrement(Piece tag, TemplateParser parser) =>
        new CounterNode(tag.Offset, TargetName.ParseOnly(tag, parser), 1);

    public static Node? ParseDecrement(Piece tag, TemplateParser parser) =>
        new CounterNode(tag.Offset, TargetName.ParseOnly(tag, parser), -1);

    public override void Render(RenderContext context) => context.Output.Write(context.Variables.Count(name, step, before: step > 0));
}

/// <summary>The name of the variable that a tag sets. It may begin with a digit or contain a dot, although no path can read such a name.</summary>
internal static class TargetName
{
    /// <returns>The name and the offset after it.</returns>
    public static (string Name, int End) Parse(Piece tag, TemplateParser parser)
    {
        var source = parser.Source;
        var start = tag.Start;
        while (start < tag.End && Whitespace.Is(source[start]))
        {
            start++;
        }

        var quote = start < tag.End && source[start] is '"' or '\'' ? 1 : 0;
        var end = start + quote;
        while (end < tag.End && (char.IsAsciiLetterOrDigit(source[end]) || source[end] is '_' or '-' or '.'))
        {
            end++;
        }

        var name = source[(start + quote)..end];
        var isClosed = quote == 0 || (end < tag.End && source[end] == source[start]);
        return name.Length > 0 && name[0] != '-' && isClosed
            ? (name, end + quote)
            : throw new LiquidFault($"tag '{tag.Name}' needs a name", start);
    }

    public static string ParseOnly(Piece tag, TemplateParser parser)
    {
        var (name, end) = Parse(tag, parser);
        new Lexer(parser.Source, end, tag.End).RequireEnd();
        return name;
    }
}
