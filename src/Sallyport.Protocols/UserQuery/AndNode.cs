namespace Sallyport.Protocols.UserQuery;

public sealed record AndNode(IReadOnlyList<QueryNode> Nodes) : QueryNode
{
    public override string ToString() => $"({string.Join(" AND ", Nodes)})";
}
