namespace Sallyport.Protocols.UserQuery;

public sealed record NotNode(QueryNode Node) : QueryNode
{
    public override string ToString() => $"(NOT {Node})";
}
