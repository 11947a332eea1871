using Sallyport.Protocols.UserQuery;
using Sallyport.Server.Search;

namespace Sallyport.Server.Users.Search;

/// <summary>Clauses of a query as conditions on columns and rows.</summary>
internal sealed class SearchLeaves(SearchQuery query)
{
    private const string SecondFactor = "s.status = 'confirmed' AND s.is_enrollment";

    private readonly TextConditions text = new(query);
    private readonly ValueConditions values = new(query);

    /// <exception cref="Http.ApiException">The field is none, or cannot have such a value.</exception>
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
                : throw SearchFault.At(term.Position, "Wildcards are not available on metadata");
        }

        var field = Require(term.Field);
        return field.Kind switch
        {
            SearchKind.Text or SearchKind.Folded => text.Matches(field, pattern),
            SearchKind.Provider => text.Provider(pattern, term.Position),
            SearchKind.Multifactor => RequireExact(term) == "guardian" ? SearchLeaf.ByRows("authenticator", SecondFactor) : SearchLeaf.Nobody,
            SearchKind.Nobody => SearchLeaf.Nobody,
            SearchKind.Number or SearchKind.Instant or SearchKind.Truth => values.Equals(field, RequireExact(term), term.Position),
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
            throw SearchFault.At(range.Field.Position, "Ranges are not available on metadata");
        }

        var field = Require(range.Field);
        return field.Kind switch
        {
            SearchKind.Text or SearchKind.Folded => text.Between(field, range),
            SearchKind.Number or SearchKind.Instant => values.Between(field, range),
            SearchKind.Nobody => SearchLeaf.Nobody,
            SearchKind.Truth or SearchKind.Provider or SearchKind.Multifactor =>
                throw SearchFault.At(range.Field.Position, $"The field {field.Name} has no ranges"),
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
            SearchKind.Nobody => SearchLeaf.Nobody,
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
            : throw SearchFault.At(term.Position, $"Wildcards are not available on {term.Field!.Name}");

    private static SearchField Require(QueryField field) =>
        SearchFields.Find(field.Name)
            ?? throw SearchFault.At(field.Position, $"{Http.Payloads.PayloadText.Shorten(field.Name)} is not a searchable field");
}
