namespace Sallyport.Protocols.UserQuery;

/// <summary>The literal pieces between the stars of a term: <c>a*b</c> is <c>a</c> and <c>b</c>, <c>a*</c> is <c>a</c> and an empty one.</summary>
public sealed record TermPattern(IReadOnlyList<string> Pieces)
{
    /// <summary>No star: the whole value.</summary>
    public bool IsExact => Pieces.Count == 1;

    /// <summary>One star, at the end.</summary>
    public bool IsPrefix => Pieces.Count == 2 && Pieces[1].Length == 0;

    /// <summary>A star alone: any value.</summary>
    public bool IsAny => IsPrefix && Pieces[0].Length == 0;

    public static TermPattern Exact(string text) => new([text]);

    /// <summary>In the same case. Each piece is taken where it comes first, which leaves most for those after it.</summary>
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
