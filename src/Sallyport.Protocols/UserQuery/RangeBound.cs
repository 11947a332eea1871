namespace Sallyport.Protocols.UserQuery;

/// <param name="Position">Where it stands in the query, counted from one.</param>
public sealed record RangeBound(string Text, bool IsInclusive, int Position);
