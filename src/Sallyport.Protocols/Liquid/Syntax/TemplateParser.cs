using Sallyport.Protocols.Liquid.Expressions;
using Sallyport.Protocols.Liquid.Rendering;
using Sallyport.Protocols.Liquid.Values;

namespace Sallyport.Protocols.Liquid.Syntax;

/// <summary>Parses a template into nodes.</summary>
/// <param name="source">The template.</param>
/// <param name="limits">The limits of length and nesting.</param>
/// <param name="findTag">Returns the parser of a tag, or null if there is no such tag.</param>
internal sealed class TemplateParser(string source, LiquidLimits limits, Func<string, TagParser?> findTag)
{
    private readonly Nesting _nesting = new(limits.MaxNesting);
    private readonly Stack<Piece> _open = [];
    private PieceReader _reader = new TemplateReader(source);

    public string Source => source;

    /// <summary>Whether the current tag is in no other tag.</summary>
    public bool IsOutermost => _nesting.IsOutermost;

    public Block ParseTemplate()
    {
        if (source.Length > limits.MaxSourceLength)
        {
            throw new LiquidFault($"the template is longer than {limits.MaxSourceLength} characters", limits.MaxSourceLength);
        }

        return ParseRest();
    }

    /// <summary>Parses up to the end of the template.</summary>
    public Block ParseRest() => ParseNodes([], out _);

    /// <summary>Parses up to one of these tags.</summary>
    public Block ParseBlock(Piece opener, ReadOnlySpan<string> ends, out Piece end)
    {
        Enter(opener);
        var block = ParseNodes(ends, out end);
        Leave();
        return end.Kind == PieceKind.End ? throw new LiquidFault($"tag '{opener.Name}' is never closed", opener.Offset) : block;
    }

    public Block ParseBlock(Piece opener, string end) => ParseBlock(opener, [end], out _);

    public Block ParseLines(Piece tag)
    {
        Enter(tag);
        var outer = _reader;
        _reader = new LineReader(source, tag.Start, tag.End);
        var block = ParseRest();
        _reader = outer;
        Leave();
        return block;
    }

    public Piece ReadVerbatim(Piece opener) => _reader.ReadVerbatim(opener);

    public void SkipComment(Piece opener) => _reader.SkipComment(opener);

    public (Lexer Lexer, ExpressionParser Expressions) Read(Piece piece)
    {
        var lexer = new Lexer(source, piece.Start, piece.End);
        return (lexer, new ExpressionParser(lexer, _nesting));
    }

    /// <summary>Parses a whole piece as one expression.</summary>
    public Expression ParseWhole(Piece piece, Func<ExpressionParser, Expression> parse)
    {
        var (lexer, expressions) = Read(piece);
        var expression = parse(expressions);
        lexer.RequireEnd();
        return expression;
    }

    /// <summary>Returns null if there is nothing to print.</summary>
    public Expression? ParseOutput(Piece piece) =>
        source.AsSpan(piece.Start, piece.End - piece.Start).Trim(Whitespace.Characters).IsEmpty
            ? null
            : ParseWhole(piece, expressions => expressions.ParseFiltered());

    private Block ParseNodes(ReadOnlySpan<string> ends, out Piece end)
    {
        var nodes = new List<Node>();
        while (true)
        {
            var piece = _reader.Next();
            if (piece.Kind == PieceKind.End || (piece.Kind == PieceKind.Tag && ends.Contains(piece.Name)))
            {
                end = piece;
                return new Block(nodes);
            }

            if (ParseNode(piece) is { } node)
            {
                nodes.Add(node);
            }
        }
    }

    private Node? ParseNode(Piece piece) => piece.Kind switch
    {
        PieceKind.Text => new TextNode(piece.Offset, source[piece.Start..piece.End]),
        PieceKind.Output => new OutputNode(piece.Offset, ParseOutput(piece)),
        _ => findTag(piece.Name) is { } parse
            ? parse(piece, this)
            : throw new LiquidFault(IsPartOfBlock(piece.Name) ? Misplaced(piece) : $"unknown tag {LiquidFault.Quote(piece.Name)}", piece.Offset),
    };

    private void Enter(Piece tag)
    {
        _nesting.Enter(tag.Offset);
        _open.Push(tag);
    }

    private void Leave()
    {
        _open.Pop();
        _nesting.Leave();
    }

    private string Misplaced(Piece tag) => _open.TryPeek(out var open)
        ? $"misplaced tag '{tag.Name}': the open tag is '{open.Name}' in line {LiquidError.LineOf(source, open.Offset)}"
        : $"misplaced tag '{tag.Name}': no tag is open";

    private bool IsPartOfBlock(string name) =>
        name is "else" or "elsif" or "when" || (name.StartsWith("end", StringComparison.Ordinal) && findTag(name[3..]) is not null);
}

/// <summary>Parses a tag, and the content of a block tag up to its end. Returns null if there is nothing to render.</summary>
internal delegate Node? TagParser(Piece tag, TemplateParser parser);

/// <summary>Counts the depth of the recursion of the parser, over all productions. The renderer does not recurse deeper than the parser.</summary>
internal sealed class Nesting(int limit)
{
    private int _depth;

    public bool IsOutermost => _depth == 0;

    public void Enter(int offset)
    {
        if (++_depth > limit)
        {
            throw new LiquidFault($"nested deeper than {limit} levels", offset);
        }
    }

    public void Leave() => _depth--;
}
