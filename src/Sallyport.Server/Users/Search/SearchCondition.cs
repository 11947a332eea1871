using Sallyport.Protocols.UserQuery;
using Sallyport.Server.Search;

namespace Sallyport.Server.Users.Search;

/// <summary>
/// Translates a query to a condition. Clauses on rows of other tables become sets of user ids, from which the planner can start. If nearly
/// all users match, users are scanned in the order of the page instead and tested one by one.
/// </summary>
internal sealed class SearchCondition(SearchQuery query) : RowCondition
{
    /// <summary>The planner tries every order of the joined sets, and the number of orders grows factorially.</summary>
    private const int MaxJoins = 4;

    private readonly SearchLeaves leaves = new(query);
    private int joins;

    /// <exception cref="SearchException">The query names a field or form that cannot be searched.</exception>
    public string Of(QueryNode node) => node switch
    {
        AndNode and => Join(" AND ", and.Nodes.Select(Of)),
        OrNode or => IsSet(or) && joins++ < MaxJoins ? $"u.user_id IN ({Union(or)})" : Join(" OR ", or.Nodes.Select(OneByOne)),
        NotNode => OneByOne(node),
        _ => Of(Leaf(node)),
    };

    protected override string Clause(QueryNode node) => Leaf(node).OneByOne;

    private string Of(SearchLeaf leaf) => leaf.IsByRows && joins++ < MaxJoins ? $"u.user_id IN ({leaf.Select})" : leaf.OneByOne;

    private SearchLeaf Leaf(QueryNode node) => node switch
    {
        TermNode { Field: null } term => new SearchLeaf(Join(" OR ", SearchFields.OfProfile.Select(field => OfProfile(term, field)))),
        TermNode term => leaves.Term(term),
        RangeNode range => leaves.Range(range),
        ExistsNode exists => leaves.Exists(exists.Field),
        _ => SearchLeaf.Everybody,
    };

    private string OfProfile(TermNode term, SearchField field) =>
        leaves.Term(term with { Field = new QueryField(field.Name, term.Position) }).OneByOne;

    /// <summary>The union of several sets. All conditions on columns form one set, because their indexes can be combined.</summary>
    private string Union(OrNode or)
    {
        var ofColumns = or.Nodes.Where(node => !HasRows(node)).ToList();
        var selects = or.Nodes.Where(HasRows).Select(Select);
        return string.Join(" UNION ALL ", ofColumns.Count > 0 ? selects.Prepend(Select(new OrNode(ofColumns))) : selects);
    }

    private string Select(QueryNode node)
    {
        if (node is OrNode any && IsSet(any))
        {
            return Union(any);
        }

        var leaf = node is AndNode or OrNode or NotNode ? new SearchLeaf(Of(node)) : Leaf(node);
        return leaf.IsByRows
            ? leaf.Select
            : $"SELECT u.user_id FROM \"user\" u WHERE u.tenant_id = @tenant_id AND {leaf.Test}";
    }

    private static bool IsSet(OrNode or) => or.Nodes.Any(HasRows) && !or.Nodes.Any(IsBroad);

    private static bool IsBroad(QueryNode node) => node switch
    {
        AllNode or NotNode => true,
        AndNode and => and.Nodes.All(IsBroad),
        OrNode or => or.Nodes.Any(IsBroad),
        _ => false,
    };

    private static bool HasRows(QueryNode node) => node switch
    {
        AndNode and => and.Nodes.Any(HasRows),
        OrNode or => or.Nodes.Any(HasRows),
        NotNode not => HasRows(not.Node),
        TermNode { Field: { } field } term => SearchFields.IsByRows(field.Name) || IsInner(term),
        ExistsNode exists => SearchFields.IsByRows(exists.Field.Name),
        _ => false,
    };

    private static bool IsInner(TermNode term) => !term.Pattern.IsExact && !term.Pattern.IsPrefix;
}
