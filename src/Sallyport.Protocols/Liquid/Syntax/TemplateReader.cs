using Sallyport.Protocols.Liquid.Values;

namespace Sallyport.Protocols.Liquid.Syntax;

/// <summary>Splits a template into text, outputs and tags, and trims white space next to hyphens.</summary>
internal sealed class TemplateReader(string source) : PieceReader
{
    private int _at;
    private bool _trimsNext;

    public override Piece Next()
    {
        while (_at < source.Length)
        {
            var open = FindOpen(_at);
            if (open == _at)
            {
                return source[open + 1] == '{' ? ReadOutput(open) : ReadTag(open);
            }

            var text = ReadText(open);
            if (text.End > text.Start)
            {
                return text;
            }
        }

        return new Piece(PieceKind.End, source.Length, source.Length, source.Length);
    }

    public override Piece ReadVerbatim(Piece opener)
    {
        var start = _at;
        var name = "end" + opener.Name;
        for (var open = start; (open = source.IndexOf("{%", open, StringComparison.Ordinal)) >= 0; open += 2)
        {
            var at = SkipSpace(open + (IsHyphen(open + 2) ? 3 : 2));
            if (string.CompareOrdinal(source, at, name, 0, name.Length) != 0)
            {
                continue;
            }

            at = SkipSpace(at + name.Length);
            var trims = IsHyphen(at);
            at += trims ? 1 : 0;
            if (string.CompareOrdinal(source, at, "%}", 0, 2) == 0)
            {
                (_at, _trimsNext) = (at + 2, trims);
                return new Piece(PieceKind.Text, start, start, open);
            }
        }

        throw NeverClosed(opener);
    }

    public override void SkipComment(Piece opener)
    {
        var depth = 1;
        while (depth > 0)
        {
            var open = source.IndexOf("{%", _at, StringComparison.Ordinal);
            if (open < 0 || source.IndexOf("%}", open + 2, StringComparison.Ordinal) < 0)
            {
                throw NeverClosed(opener);
            }

            var tag = ReadTag(open, isNameOptional: true);
            depth += tag.Name switch
            {
                "comment" => 1,
                "endcomment" => -1,
                _ => 0,
            };
            if (tag.Name == "raw")
            {
                ReadVerbatim(tag);
            }
        }
    }

    private static LiquidFault NeverClosed(Piece opener) => new($"tag '{opener.Name}' is never closed", opener.Offset);

    private int FindOpen(int from)
    {
        for (var at = source.IndexOf('{', from); at >= 0 && at + 1 < source.Length; at = source.IndexOf('{', at + 1))
        {
            if (source[at + 1] is '{' or '%')
            {
                return at;
            }
        }

        return source.Length;
    }

    private Piece ReadText(int end)
    {
        var (start, next) = (_at, end);
        if (_trimsNext)
        {
            start = SkipSpace(start);
        }

        if (IsHyphen(end + 2))
        {
            while (end > start && Whitespace.Is(source[end - 1]))
            {
                end--;
            }
        }

        (_at, _trimsNext) = (next, false);
        return new Piece(PieceKind.Text, start, Math.Min(start, end), end);
    }

    private Piece ReadOutput(int open)
    {
        var start = open + (IsHyphen(open + 2) ? 3 : 2);
        var close = FindOutputEnd(start);
        return close < 0
            ? throw new LiquidFault("'{{' is never closed", open)
            : new Piece(PieceKind.Output, open, start, Close(start, close));
    }

    private int FindOutputEnd(int from)
    {
        for (var at = from; at + 1 < source.Length; at++)
        {
            if (source[at] == '}' && source[at + 1] == '}')
            {
                return at;
            }

            if (source[at] is '"' or '\'')
            {
                at = source.IndexOf(source[at], at + 1);
                if (at < 0)
                {
                    return -1;
                }
            }
        }

        return -1;
    }

    private Piece ReadTag(int open, bool isNameOptional = false)
    {
        var start = open + (IsHyphen(open + 2) ? 3 : 2);
        var close = source.IndexOf("%}", start, StringComparison.Ordinal);
        if (close < 0)
        {
            throw new LiquidFault("'{%' is never closed", open);
        }

        var end = Close(start, close);
        var name = SkipSpace(start);
        var nameEnd = TagName.EndOf(source, name, end);
        return nameEnd > name || isNameOptional
            ? new Piece(PieceKind.Tag, open, nameEnd, end, source[name..nameEnd])
            : throw new LiquidFault("a tag has no name", open);
    }

    /// <summary>Moves past the closing braces, and records whether a hyphen precedes them.</summary>
    private int Close(int start, int close)
    {
        _at = close + 2;
        _trimsNext = close > start && IsHyphen(close - 1);
        return _trimsNext ? close - 1 : close;
    }

    private int SkipSpace(int at)
    {
        while (at < source.Length && Whitespace.Is(source[at]))
        {
            at++;
        }

        return at;
    }

    private bool IsHyphen(int at) => at < source.Length && source[at] == '-';
}
