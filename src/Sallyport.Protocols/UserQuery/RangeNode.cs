namespace Sallyport.Protocols.UserQuery;

/// <summary>The field has a value between the bounds; one that is null is an open end.</summary>
public sealed record RangeNode(QueryField Field, RangeBound? Lower, RangeBound? Upper) : QueryNode
{
    public override string ToString() =>
        $"{Field}:{(Lower is { IsInclusive: false } ? '{' : '[')}{Write(Lower)} TO {Write(Upper)}{(Upper is { IsInclusive: false } ? '}' : ']')}";

    private static string Write(RangeBound? bound) => bound is null ? "*" : QueryText.Quote(bound.Text);
}
