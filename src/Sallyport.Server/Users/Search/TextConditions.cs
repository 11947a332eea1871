using System.Text;
using Sallyport.Protocols.UserQuery;
using Sallyport.Server.Search;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Users.Search;

/// <summary>Conditions on text columns, which are compared byte by byte.</summary>
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

        // Scans the index of the column, which is much smaller than the table.
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

    /// <summary>A condition on the part of the user's id before the bar.</summary>
    public SearchLeaf Provider(TermPattern pattern, int position)
    {
        if (!pattern.IsExact && !pattern.IsPrefix)
        {
            throw new SearchException(position, "A wildcard on identities.provider is allowed only at the end");
        }

        var start = pattern.Pieces[0];
        return start.Contains('|', StringComparison.Ordinal)
            ? SearchLeaf.Nobody
            : new SearchLeaf(StartsWith("u", Id, pattern.IsExact ? start + "|" : start));
    }

    /// <summary>The column <c>user_id</c> has the collation of the keys that refer to it, so the comparison names its own.</summary>
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

/// <summary>Texts with a prefix, as a range in the order of code points, which is the order of UTF-8 bytes.</summary>
internal static class TextPrefix
{
    /// <returns>The first text after all that begin with the prefix; null if there is none.</returns>
    public static string? End(string prefix)
    {
        var runes = prefix.EnumerateRunes().ToList();
        while (runes.Count > 0)
        {
            var last = runes[^1].Value;
            runes.RemoveAt(runes.Count - 1);
            // The surrogates between D7FF and E000 are not characters.
            if (last < 0x10FFFF)
            {
                return string.Concat(runes) + new Rune(last == 0xD7FF ? 0xE000 : last + 1);
            }
        }

        return null;
    }
}
