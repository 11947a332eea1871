namespace Sallyport.Protocols.UserQuery;

/// <summary>A term, split at its stars.</summary>
/// <param name="Pieces">The text between the stars, at least one: <c>a*b</c> is <c>a</c> and <c>b</c>, <c>a*</c> is <c>a</c> and an empty text.</param>
public sealed record TermPattern(IReadOnlyList<string> Pieces)
{
    /// <summary>There is no star: the term is the whole value.</summary>
    public bool IsExact => Pieces.Count == 1;

    /// <summary>There is one star, at the end.</summary>
    public bool IsPrefix => Pieces.Count == 2 && Pieces[1].Length == 0;

    /// <summary>The term is a star: any value matches.</summary>
    public bool IsAny => IsPrefix && Pieces[0].Length == 0;

    /// <summary>A pattern without stars: the whole value.</summary>
    public static TermPattern Exact(string text) => new([text]);

    /// <summary>
    /// Compares with a text, case-sensitively. Each piece is taken at its first occurrence, which leaves the most text for the pieces after it.
    /// </summary>
    public bool Matches(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (IsExact)
        {
            return text == Pieces[0];
        }

        var rest = text.AsSpan();
        if (!rest.StartsWith(Pieces[0], StringComparison.Ordinal))
        {
            return false;
        }

        rest = rest[Pieces[0].Length..];
        foreach (var piece in Pieces.Skip(1).SkipLast(1))
        {
            var at = rest.IndexOf(piece, StringComparison.Ordinal);
            if (at < 0)
            {
                return false;
            }

            rest = rest[(at + piece.Length)..];
        }

        return rest.EndsWith(Pieces[^1], StringComparison.Ordinal);
    }

    public override string ToString() =>
        IsExact ? QueryText.Quote(Pieces[0]) : string.Join('*', Pieces.Select(QueryText.Escape));
}
