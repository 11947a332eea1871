namespace Sallyport.Protocols.UserQuery;

/// <summary>A star alone: everybody.</summary>
public sealed record AllNode : QueryNode
{
    public override string ToString() => "*";
}
