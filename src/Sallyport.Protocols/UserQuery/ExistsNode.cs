namespace Sallyport.Protocols.UserQuery;

/// <summary>The field has a value.</summary>
public sealed record ExistsNode(QueryField Field) : QueryNode
{
    public override string ToString() => $"_exists_:{Field}";
}
