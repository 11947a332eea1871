using Sallyport.Protocols.UserQuery;

namespace Sallyport.Server.Search;

/// <summary>Turns a query into a condition that is asked of one row after the other. Who has the fields says what a clause means.</summary>
internal abstract class RowCondition
{
    public const string Everything = "1 = 1";
    public const string Nothing = "1 = 0";

    /// <exception cref="Http.ApiException">The query asks for what cannot be searched.</exception>
    public string OneByOne(QueryNode node) => node switch
    {
        AndNode and => Join(" AND ", and.Nodes.Select(OneByOne)),
        OrNode or => Join(" OR ", or.Nodes.Select(OneByOne)),
        // Of a value that is missing, a clause is neither true nor false.
        NotNode not => $"({OneByOne(not.Node)}) IS NOT TRUE",
        _ => Clause(node),
    };

    protected abstract string Clause(QueryNode node);

    protected static string Join(string between, IEnumerable<string> conditions) => $"({string.Join(between, conditions)})";
}
