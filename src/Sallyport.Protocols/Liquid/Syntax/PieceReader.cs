namespace Sallyport.Protocols.Liquid.Syntax;

/// <summary>Where a parser gets its pieces from: the template, or the lines of a <c>liquid</c> tag.</summary>
internal abstract class PieceReader
{
    public abstract Piece Next();

    /// <summary>Everything up to the tag that closes <paramref name="opener"/>, unread.</summary>
    public abstract Piece ReadVerbatim(Piece opener);

    /// <summary>Skips to the end of a comment, which may contain comments.</summary>
    public abstract void SkipComment(Piece opener);
}
