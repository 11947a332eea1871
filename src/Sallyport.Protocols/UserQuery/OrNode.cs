namespace Sallyport.Protocols.UserQuery;

public sealed record OrNode(IReadOnlyList<QueryNode> Nodes) : QueryNode
{
    public override string ToString() => $"({string.Join(" OR ", Nodes)})";
}
