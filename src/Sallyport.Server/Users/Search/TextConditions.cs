using Sallyport.Protocols.UserQuery;
using Sallyport.Server.Search;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Users.Search;

/// <summary>Conditions on columns of text, compared byte by byte.</summary>
internal sealed class TextConditions(SearchQuery query)
{
    private const string UserId = "user_id";

    private static readonly SearchField Id = SearchFields.Find(UserId)!;

    public SearchLeaf Matches(SearchField field, TermPattern pattern)
    {
        var pieces = pattern.Pieces.Select(piece => InCaseOf(field, piece)).ToList();
        if (pattern.IsExact)
        {
            return new SearchLeaf($"u.{field.Column} = {query.Add(pieces[0])}");
        }

        if (pattern.IsPrefix)
        {
            return new SearchLeaf(StartsWith("u", field, pieces[0]));
        }

        // Read from the index of the column, which is much smaller than the table.
        var start = pieces[0].Length > 0 ? StartsWith("s", field, pieces[0]) + " AND " : "";
        var where = start + $"s.{field.Column} {TextTest.Like(query, pieces)}";
        return new SearchLeaf(where.Replace("s.", "u.", StringComparison.Ordinal), "\"user\"", where);
    }

    public SearchLeaf Between(SearchField field, RangeNode range)
    {
        var column = Column("u", field);
        return new SearchLeaf(string.Join(" AND ", Bounds()));

        IEnumerable<string> Bounds()
        {
            if (range.Lower is { } lower)
            {
                yield return $"{column} {(lower.IsInclusive ? ">=" : ">")} {query.Add(InCaseOf(field, lower.Text))}";
            }

            if (range.Upper is { } upper)
            {
                yield return $"{column} {(upper.IsInclusive ? "<=" : "<")} {query.Add(InCaseOf(field, upper.Text))}";
            }
        }
    }

    /// <summary>The part of the user's id before the bar.</summary>
    public SearchLeaf Provider(TermPattern pattern, int position)
    {
        if (!pattern.IsExact && !pattern.IsPrefix)
        {
            throw SearchFault.At(position, "On identities.provider a wildcard stands at the end");
        }

        var start = pattern.Pieces[0];
        return start.Contains('|', StringComparison.Ordinal)
            ? SearchLeaf.Nobody
            : new SearchLeaf(StartsWith("u", Id, pattern.IsExact ? start + "|" : start));
    }

    /// <summary>Its column has the collation of the keys that refer to it, so the comparison says what it needs.</summary>
    private string Column(string table, SearchField field) =>
        field.Column == UserId && query.Engine == Engine.PostgreSql ? $"{table}.user_id COLLATE \"C\"" : $"{table}.{field.Column}";

    private static string InCaseOf(SearchField field, string value) => field.Kind == SearchKind.Folded ? UserText.Fold(value)! : value;

    private string StartsWith(string table, SearchField field, string prefix)
    {
        var column = Column(table, field);
        var start = $"{column} >= {query.Add(prefix)}";
        return TextPrefix.End(prefix) is { } end ? $"{start} AND {column} < {query.Add(end)}" : start;
    }
}
