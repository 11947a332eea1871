using Sallyport.Protocols.Liquid.Values;

namespace Sallyport.Protocols.Liquid.Tags;

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
