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

    public override string ToString() =>
        IsExact ? QueryText.Quote(Pieces[0]) : string.Join('*', Pieces.Select(QueryText.Escape));
}
