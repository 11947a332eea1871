namespace Sallyport.Protocols.UserQuery;

/// <summary>What a query may cost at most. The defaults are far beyond what people write.</summary>
public sealed record QueryLimits
{
    public static readonly QueryLimits Default = new();

    /// <summary>In UTF-16 code units.</summary>
    public int MaxLength { get; init; } = 8192;

    /// <summary>Terms, ranges and <c>_exists_</c> together.</summary>
    public int MaxClauses { get; init; } = 200;

    /// <summary>Of parentheses within each other.</summary>
    public int MaxDepth { get; init; } = 20;

    /// <summary>Stars in one term.</summary>
    public int MaxWildcards { get; init; } = 5;

    /// <summary>Characters beside the stars: what is long is dear to look for at every place of a long text. In UTF-16 code units.</summary>
    public int MaxPatternLength { get; init; } = 256;
}
