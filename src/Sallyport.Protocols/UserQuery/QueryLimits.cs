namespace Sallyport.Protocols.UserQuery;

/// <summary>Limits on the cost of a query. The defaults are far beyond what people write.</summary>
public sealed record QueryLimits
{
    /// <summary>The limits of the user and log searches.</summary>
    public static readonly QueryLimits Default = new();

    /// <summary>Length of the query, in UTF-16 code units.</summary>
    public int MaxLength { get; init; } = 8192;

    /// <summary>Number of terms, ranges and <c>_exists_</c> together.</summary>
    public int MaxClauses { get; init; } = 200;

    /// <summary>Depth of nested parentheses.</summary>
    public int MaxDepth { get; init; } = 20;

    /// <summary>Number of stars in one term.</summary>
    public int MaxWildcards { get; init; } = 5;

    /// <summary>
    /// Length of a term with stars, without them, in UTF-16 code units: a long pattern is expensive to search for at every position of a long text.
    /// </summary>
    public int MaxPatternLength { get; init; } = 256;
}

/// <summary>Why a query could not be parsed.</summary>
/// <param name="Message">A sentence without its period, for the author of the query.</param>
/// <param name="Position">The position of the error in the query, in UTF-16 code units, counted from one; one more than its length at the end.</param>
public sealed record QueryError(string Message, int Position)
{
    public override string ToString() => $"{Message}, at character {Position}";
}
