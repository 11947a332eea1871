using Sallyport.Protocols.UserQuery;
using Sallyport.Server.Http.Payloads;
using Sallyport.Server.Search;

namespace Sallyport.Server.Audit;

/// <summary>
/// Translates a query to a condition on table <c>log</c>, aliased <c>l</c>, its user <c>u</c> and its client <c>c</c>. Comparisons are
/// case-sensitive.
/// </summary>
/// <param name="hostname">The host name that all entries show.</param>
internal sealed class LogCondition(SearchQuery query, string hostname) : RowCondition
{
    private readonly LogDetailsCondition details = new(query);

    protected override string Clause(QueryNode node) => node switch
    {
        TermNode { Field: null } term => Join(" OR ", LogFields.OfBareWords.Select(field => Matches(field, term))),
        TermNode { Field: { } field, Pattern.IsAny: true } => Exists(field),
        TermNode { Field: { } field } term =>
            LogDetailsCondition.IsIn(field.Name) ? details.Matches(field, term.Pattern) : Matches(Require(field), term),
        RangeNode { Lower: null, Upper: null } range => Exists(range.Field),
        RangeNode range => Between(range),
        ExistsNode exists => Exists(exists.Field),
        _ => Everything,
    };

    private string Matches(LogField field, TermNode term) => field.Kind switch
    {
        LogFieldKind.Text => OfText(field.Column, term.Pattern),
        LogFieldKind.Instant => OfInstant(term),
        LogFieldKind.UserName => OfUser(TextTest.Of(query, term.Pattern)),
        LogFieldKind.ClientName =>
            $"l.client_id IN (SELECT s.client_id FROM client s WHERE s.tenant_id = @tenant_id AND s.name {TextTest.Of(query, term.Pattern)})",
        LogFieldKind.Description => OfTypes(LogDescriptions.TypesWhere(term.Pattern.Matches)),
        LogFieldKind.Hostname => term.Pattern.Matches(hostname) ? Everything : Nothing,
        LogFieldKind.NoValue => Nothing,
    };

    /// <summary>
    /// A pattern that matches many values must not use an index: all entries found by it would have to be sorted, while a scan in the order of
    /// the log stops when the page is full. Adding an empty text disables the index.
    /// </summary>
    private string OfText(string column, TermPattern pattern) =>
        $"{column}{(pattern.IsExact ? "" : " || ''")} {TextTest.Of(query, pattern)}";

    /// <summary>Finds the few users with the name first, by an index, and then their entries.</summary>
    private static string OfUser(string test) => $"""
        l.user_id IN (SELECT s.user_id FROM "user" s WHERE s.tenant_id = @tenant_id
        AND (s.email {test} OR s.email IS NULL AND coalesce(s.username, s.phone_number, s.name) {test}))
        """;

    private string OfTypes(IEnumerable<string> types)
    {
        var values = types.Select(type => query.Add(type)).ToList();
        return values.Count > 0 ? $"l.type IN ({string.Join(", ", values)})" : Nothing;
    }

    private string OfInstant(TermNode term)
    {
        var (start, end) = InstantSpan.Read(
            term.Pattern.IsExact ? term.Pattern.Pieces[0] : throw new SearchException(term.Position, "Wildcards are not available on date"), term.Position);
        return $"{From(start)} AND {Until(end)}";
    }

    /// <summary>An exclusive bound excludes its whole span: a range after November begins with December.</summary>
    private string Between(RangeNode range)
    {
        if (LogDetailsCondition.IsIn(range.Field.Name) || Require(range.Field).Kind != LogFieldKind.Instant)
        {
            throw new SearchException(range.Field.Position, "Ranges are available on date only");
        }

        List<string> bounds = [];
        if (range.Lower is { } lower)
        {
            var span = InstantSpan.Read(lower.Text, lower.Position);
            bounds.Add(From(lower.IsInclusive ? span.Start : span.End));
        }

        if (range.Upper is { } upper)
        {
            var span = InstantSpan.Read(upper.Text, upper.Position);
            bounds.Add(Until(upper.IsInclusive ? span.End : span.Start));
        }

        return string.Join(" AND ", bounds);
    }

    private string From(long instant) => $"{LogFields.ByDate} >= {query.Add(Lowest(instant))}";

    private string Until(long instant) => $"{LogFields.ByDate} < {query.Add(Lowest(instant))}";

    private static string Lowest(long instant) => LogIds.Lowest(DateTimeOffset.FromUnixTimeMilliseconds(instant));

    private string Exists(QueryField name)
    {
        if (LogDetailsCondition.IsIn(name.Name))
        {
            return details.Exists(name);
        }

        var field = Require(name);
        return field.Kind switch
        {
            LogFieldKind.Description => OfTypes(LogDescriptions.TypesWhere(_ => true)),
            LogFieldKind.Hostname => Everything,
            LogFieldKind.NoValue => Nothing,
            _ => $"{field.Column} IS NOT NULL",
        };
    }

    private static LogField Require(QueryField field) =>
        LogFields.Find(field.Name)
            ?? throw new SearchException(field.Position, $"{PayloadText.Shorten(field.Name)} is not a searchable field of the log");
}
