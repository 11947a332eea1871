using Sallyport.Server.Http.Payloads;
using Sallyport.Protocols.UserQuery;
using Sallyport.Server.Search;

namespace Sallyport.Server.Audit;

/// <summary>
/// A query as a condition on table <c>log</c> by the name of <c>l</c>, with its user as <c>u</c> and its client as <c>c</c>. Everything
/// is compared as it is written.
/// </summary>
/// <param name="hostname">That every entry shows.</param>
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
        LogFieldKind.Nothing => Nothing,
    };

    /// <summary>
    /// By no index where many values may be meant: their entries would have to be sorted, all of them, while a walk through the log in its
    /// order stops at the end of the page.
    /// </summary>
    private string OfText(string column, TermPattern pattern) =>
        $"{column}{(pattern.IsExact ? "" : " || ''")} {TextTest.Of(query, pattern)}";

    /// <summary>The few users of a name first, by an index: then their entries need not be sought among all.</summary>
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
            term.Pattern.IsExact ? term.Pattern.Pieces[0] : throw SearchFault.At(term.Position, "Wildcards are not available on date"), term.Position);
        return $"{From(start)} AND {Until(end)}";
    }

    /// <summary>Without its lower bound, a range begins after the whole of it: after November, with December.</summary>
    private string Between(RangeNode range)
    {
        if (LogDetailsCondition.IsIn(range.Field.Name) || Require(range.Field).Kind != LogFieldKind.Instant)
        {
            throw SearchFault.At(range.Field.Position, "Ranges are available on date only");
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
            LogFieldKind.Nothing => Nothing,
            _ => $"{field.Column} IS NOT NULL",
        };
    }

    private static LogField Require(QueryField field) =>
        LogFields.Find(field.Name)
            ?? throw SearchFault.At(field.Position, $"{PayloadText.Shorten(field.Name)} is not a searchable field of the log");
}
