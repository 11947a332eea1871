using Sallyport.Protocols.Liquid.Values;

namespace Sallyport.Protocols.Liquid.Syntax;

/// <summary>Reads pieces from a template, or from the lines of a <c>liquid</c> tag.</summary>
internal abstract class PieceReader
{
    public abstract Piece Next();

    /// <summary>Returns everything up to the tag that closes <paramref name="opener"/> as text.</summary>
    public abstract Piece ReadVerbatim(Piece opener);

    /// <summary>Skips a comment, which may contain comments.</summary>
    public abstract void SkipComment(Piece opener);
}

/// <summary>A part of the source: text, the inside of an output, or the inside of a tag after its name.</summary>
internal readonly record struct Piece(PieceKind Kind, int Offset, int Start, int End, string Name = "");

internal enum PieceKind
{
    End,
    Text,
    Output,
    Tag,
}

/// <summary>The name of a tag: a word, or the sign that begins an inline comment.</summary>
internal static class TagName
{
    public static int EndOf(string source, int start, int limit)
    {
        if (start < limit && source[start] == '#')
        {
            return start + 1;
        }

        var end = start;
        while (end < limit && (char.IsAsciiLetterOrDigit(source[end]) || source[end] == '_'))
        {
            end++;
        }

        return Math.Max(start, end);
    }
}

/// <summary>Reads the lines of a <c>liquid</c> tag, each of which is a tag without braces.</summary>
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
