using System.Globalization;
using Sallyport.Protocols.Liquid.Expressions;
using Sallyport.Protocols.Liquid.Rendering;
using Sallyport.Protocols.Liquid.Syntax;
using Sallyport.Protocols.Liquid.Values;

namespace Sallyport.Protocols.Liquid.Tags;

internal sealed class TableRowNode(int offset, LoopMarkup markup, Block body) : Node(offset)
{
    public static Node? Parse(Piece tag, TemplateParser parser) =>
        new TableRowNode(tag.Offset, LoopMarkup.Parse(tag, parser), parser.ParseBlock(tag, "endtablerow"));

    public override void Render(RenderContext context)
    {
        var value = markup.Collection.Evaluate(context);
        if (!LiquidValue.IsTruthy(value))
        {
            return;
        }

        var limit = markup.Limit is null ? (long?)null : Integer(markup.Limit, context);
        var start = markup.Offset is null ? 0 : Integer(markup.Offset, context);
        var slice = LoopSlice.Of(Sequence.ForLoop(value, context.Budget), start, limit);
        var columns = markup.Columns is null ? slice.Length : Integer(markup.Columns, context);
        context.Output.Write("<tr class=\"row1\">\n");
        RenderCells(context, slice, new TableRowValue(slice.Length, columns));
        context.Output.Write("</tr>\n");
    }

    private static long Integer(Expression expression, RenderContext context) => NumberText.ToInteger(expression.Evaluate(context));

    private void RenderCells(RenderContext context, LoopSlice slice, TableRowValue loop)
    {
        var frame = new ScopeFrame(markup.Variable, "tablerowloop") { Second = loop };
        context.Variables.Push(frame);
        for (; loop.Index < slice.Length; loop.Next())
        {
            context.Position = Offset;
            context.Budget.Charge(1);
            frame.First = LiquidValue.From(slice.At(loop.Index));
            context.Output.Write(string.Create(CultureInfo.InvariantCulture, $"<td class=\"col{loop.Column}\">"));
            body.Render(context);
            context.Output.Write("</td>");
            var interrupt = context.Interrupt;
            context.Interrupt = Interrupt.None;
            if (interrupt == Interrupt.Break)
            {
                break;
            }

            if (loop.IsLastColumn && !loop.IsLast)
            {
                context.Output.Write(string.Create(CultureInfo.InvariantCulture, $"</tr>\n<tr class=\"row{loop.Row + 1}\">"));
            }
        }

        context.Variables.Pop();
    }
}

/// <summary>The value of <c>tablerowloop</c>.</summary>
internal sealed class TableRowValue(int length, long columns) : PropertySource
{
    public int Index { get; private set; }

    public long Row { get; private set; } = 1;

    public long Column { get; private set; } = 1;

    public bool IsLastColumn => Column == columns;

    public bool IsLast => Index == length - 1;

    public void Next()
    {
        Index++;
        (Row, Column) = IsLastColumn ? (Row + 1, 1) : (Row, Column + 1);
    }

    public override object? Get(string property) => property switch
    {
        "col" => Boxed.Of(Column),
        "col0" => Boxed.Of(Column - 1),
        "col_first" => Boxed.Of(Column == 1),
        "col_last" => Boxed.Of(IsLastColumn),
        "first" => Boxed.Of(Index == 0),
        "index" => Boxed.Of(Index + 1),
        "index0" => Boxed.Of(Index),
        "last" => Boxed.Of(IsLast),
        "length" => Boxed.Of(length),
        "rindex" => Boxed.Of(length - Index),
        "rindex0" => Boxed.Of(length - Index - 1),
        "row" => Boxed.Of(Row),
        _ => null,
    };
}
