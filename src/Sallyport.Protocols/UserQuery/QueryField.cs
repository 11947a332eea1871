namespace Sallyport.Protocols.UserQuery;

/// <param name="Position">Where the name stands in the query, counted from one.</param>
public sealed record QueryField(string Name, int Position)
{
    public override string ToString() => QueryText.Escape(Name);
}
