using System.Globalization;
using Sallyport.Protocols.UserQuery;
using Sallyport.Server.Search;

namespace Sallyport.Server.Users.Search;

/// <summary>Conditions on numbers, instants and booleans.</summary>
internal sealed class ValueConditions(SearchQuery query)
{
    public SearchLeaf Equals(SearchField field, string value, int position) => field.Kind switch
    {
        SearchKind.Boolean => new SearchLeaf($"u.{field.Column} = {query.Add(Boolean(field, value, position))}"),
        SearchKind.Instant => Within(field, InstantSpan.Read(value, position)),
        _ => new SearchLeaf($"u.{field.Column} = {query.Add(Number(field, value, position))}"),
    };

    public SearchLeaf Between(SearchField field, RangeNode range)
    {
        var lower = range.Lower is { } from ? $"u.{field.Column} >= {query.Add(First(field, from))}" : null;
        var upper = range.Upper is { } to ? $"u.{field.Column} < {query.Add(End(field, to))}" : null;
        return new SearchLeaf(lower is null ? upper : upper is null ? lower : $"{lower} AND {upper}");
    }

    private SearchLeaf Within(SearchField field, InstantSpan span) =>
        new($"u.{field.Column} >= {query.Add(span.Start)} AND u.{field.Column} < {query.Add(span.End)}");

    /// <summary>An exclusive bound excludes its whole span: a range after November begins with December.</summary>
    private static long First(SearchField field, RangeBound bound)
    {
        var span = SpanOf(field, bound);
        return bound.IsInclusive ? span.Start : span.End;
    }

    private static long End(SearchField field, RangeBound bound)
    {
        var span = SpanOf(field, bound);
        return bound.IsInclusive ? span.End : span.Start;
    }

    private static InstantSpan SpanOf(SearchField field, RangeBound bound)
    {
        if (field.Kind == SearchKind.Instant)
        {
            return InstantSpan.Read(bound.Text, bound.Position);
        }

        var number = Number(field, bound.Text, bound.Position);
        return new InstantSpan(number, number == long.MaxValue ? number : number + 1);
    }

    private static long Number(SearchField field, string text, int position) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new SearchException(position, $"{field.Name} is a whole number");

    private static bool Boolean(SearchField field, string text, int position) => text switch
    {
        "true" => true,
        "false" => false,
        _ => throw new SearchException(position, $"{field.Name} is true or false"),
    };
}
