namespace Sallyport.Protocols.UserQuery;

/// <summary>A word or a phrase.</summary>
/// <param name="Field">Null for a bare term, which is looked for in several fields.</param>
/// <param name="Position">Where it stands in the query, counted from one.</param>
public sealed record TermNode(QueryField? Field, TermPattern Pattern, int Position) : QueryNode
{
    public override string ToString() => Field is null ? Pattern.ToString() : $"{Field}:{Pattern}";
}
