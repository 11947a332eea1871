namespace Sallyport.Protocols.UserQuery;

/// <summary>A star alone: everybody, everything.</summary>
public sealed record AllNode : QueryNode
{
    public override string ToString() => "*";
}
