using Sallyport.Protocols.UserQuery;
using Sallyport.Server.Http.Payloads;
using Sallyport.Server.Search;

namespace Sallyport.Server.Users.Search;

/// <summary>Translates the clauses of a query to conditions on columns and rows.</summary>
internal sealed class SearchLeaves(SearchQuery query)
{
    private const string SecondFactor = "s.status = 'confirmed' AND s.is_enrollment";

    private readonly TextConditions text = new(query);
    private readonly ValueConditions values = new(query);

    /// <exception cref="SearchException">The field does not exist, or cannot have such a value.</exception>
    public SearchLeaf Term(TermNode term)
    {
        var (name, pattern) = (term.Field!.Name, term.Pattern);
        if (pattern.IsAny)
        {
            return Exists(term.Field);
        }

        if (SearchFields.IsMetadata(name))
        {
            return pattern.IsExact
                ? ByTerm([.. MetadataTerms.Matching(name, pattern.Pieces[0])])
                : throw new SearchException(term.Position, "Wildcards are not available on metadata");
        }

        var field = Require(term.Field);
        return field.Kind switch
        {
            SearchKind.Text or SearchKind.Folded => text.Matches(field, pattern),
            SearchKind.Provider => text.Provider(pattern, term.Position),
            SearchKind.Multifactor => RequireExact(term) == "guardian" ? SearchLeaf.ByRows("authenticator", SecondFactor) : SearchLeaf.Nobody,
            SearchKind.NoValue => SearchLeaf.Nobody,
            SearchKind.Number or SearchKind.Instant or SearchKind.Boolean => values.Equals(field, RequireExact(term), term.Position),
        };
    }

    public SearchLeaf Range(RangeNode range)
    {
        if (range is { Lower: null, Upper: null })
        {
            return Exists(range.Field);
        }

        if (SearchFields.IsMetadata(range.Field.Name))
        {
            throw new SearchException(range.Field.Position, "Ranges are not available on metadata");
        }

        var field = Require(range.Field);
        return field.Kind switch
        {
            SearchKind.Text or SearchKind.Folded => text.Between(field, range),
            SearchKind.Number or SearchKind.Instant => values.Between(field, range),
            SearchKind.NoValue => SearchLeaf.Nobody,
            SearchKind.Boolean or SearchKind.Provider or SearchKind.Multifactor =>
                throw new SearchException(range.Field.Position, $"The field {field.Name} has no ranges"),
        };
    }

    public SearchLeaf Exists(QueryField name)
    {
        if (SearchFields.IsMetadata(name.Name))
        {
            return ByTerm([MetadataTerms.Exists(name.Name)]);
        }

        var field = Require(name);
        return field.Kind switch
        {
            SearchKind.Provider => SearchLeaf.Everybody,
            SearchKind.Multifactor => SearchLeaf.ByRows("authenticator", SecondFactor),
            SearchKind.NoValue => SearchLeaf.Nobody,
            _ => field.IsNullable ? new SearchLeaf($"u.{field.Column} IS NOT NULL") : SearchLeaf.Everybody,
        };
    }

    private SearchLeaf ByTerm(byte[][] terms) =>
        SearchLeaf.ByRows("user_term", terms is [var only]
            ? $"s.term = {query.Add(only)}"
            : $"s.term IN ({string.Join(", ", terms.Select(term => query.Add(term)))})");

    private static string RequireExact(TermNode term) =>
        term.Pattern.IsExact
            ? term.Pattern.Pieces[0]
            : throw new SearchException(term.Position, $"Wildcards are not available on {term.Field!.Name}");

    private static SearchField Require(QueryField field) =>
        SearchFields.Find(field.Name)
            ?? throw new SearchException(field.Position, $"{PayloadText.Shorten(field.Name)} is not a searchable field");
}

/// <summary>The condition of one clause: on the user's own row, on rows that refer to the user, or both.</summary>
/// <param name="Test">On table <c>user</c>, aliased <c>u</c>; null if only other rows can decide.</param>
/// <param name="From">The table of the other rows, aliased <c>s</c>; null if there are none.</param>
/// <param name="Where">A condition on the other rows of the tenant.</param>
internal sealed record SearchLeaf(string? Test, string? From = null, string Where = "")
{
    public static readonly SearchLeaf Everybody = new(RowCondition.Everything);
    public static readonly SearchLeaf Nobody = new(RowCondition.Nothing);

    public bool IsByRows => From is not null;

    public string Select => $"SELECT s.user_id FROM {From} s WHERE s.tenant_id = @tenant_id AND {Where}";

    /// <summary>
    /// A condition that is evaluated user by user, which is best if most users match. The offset of 0 keeps PostgreSQL from turning it
    /// into a join.
    /// </summary>
    public string OneByOne => Test ?? $"EXISTS ({Select} AND s.user_id = u.user_id LIMIT 1 OFFSET 0)";

    public static SearchLeaf ByRows(string from, string where) => new(null, from, where);
}
