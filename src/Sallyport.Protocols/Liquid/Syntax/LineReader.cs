using Sallyport.Protocols.Liquid.Values;

namespace Sallyport.Protocols.Liquid.Syntax;

/// <summary>The lines of a <c>liquid</c> tag: each is a tag without its braces.</summary>
internal sealed class LineReader(string source, int start, int end) : PieceReader
{
    private int _at = start;

    public override Piece Next()
    {
        while (_at < end)
        {
            var (from, to) = NextLine();
            if (from == to)
            {
                continue;
            }

            var nameEnd = TagName.EndOf(source, from, to);
            return nameEnd > from
                ? new Piece(PieceKind.Tag, from, nameEnd, to, source[from..nameEnd])
                : throw new LiquidFault("a line has no tag name", from);
        }

        return new Piece(PieceKind.End, end, end, end);
    }

    public override Piece ReadVerbatim(Piece opener) =>
        throw new LiquidFault($"tag '{opener.Name}' cannot be used within a liquid tag", opener.Offset);

    public override void SkipComment(Piece opener)
    {
        var depth = 1;
        while (depth > 0)
        {
            if (_at >= end)
            {
                throw new LiquidFault("tag 'comment' is never closed", opener.Offset);
            }

            var (from, to) = NextLine();
            depth += source[from..TagName.EndOf(source, from, to)] switch
            {
                "comment" => 1,
                "endcomment" => -1,
                _ => 0,
            };
        }
    }

    private (int From, int To) NextLine()
    {
        var lineEnd = source.IndexOf('\n', _at, end - _at);
        var (from, to) = (_at, lineEnd < 0 ? end : lineEnd);
        _at = lineEnd < 0 ? end : lineEnd + 1;
        while (from < to && Whitespace.Is(source[from]))
        {
            from++;
        }

        while (to > from && Whitespace.Is(source[to - 1]))
        {
            to--;
        }

        return (from, to);
    }
}
