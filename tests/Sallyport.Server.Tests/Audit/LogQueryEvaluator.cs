using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Sallyport.Protocols.UserQuery;
using Sallyport.Server.Audit;

namespace Sallyport.Server.Tests.Audit;

/// <summary>Evaluates a log query in memory, entry by entry, independently of SQL.</summary>
internal sealed class LogQueryEvaluator(LogPopulation population)
{
    private static readonly string[] FieldsOfBareWords = ["log_id", "type", "description", "user_name", "connection", "client_name", "ip"];

    public IReadOnlyList<string> Find(QueryNode query) =>
        [.. population.Entries.Where(entry => IsTrue(query, entry)).Select(entry => entry.LogId).Order(StringComparer.Ordinal)];

    private bool IsTrue(QueryNode query, LogSample entry) => query switch
    {
        AllNode => true,
        AndNode and => and.Nodes.All(node => IsTrue(node, entry)),
        OrNode or => or.Nodes.Any(node => IsTrue(node, entry)),
        NotNode not => !IsTrue(not.Node, entry),
        ExistsNode exists => HasValue(exists.Field.Name, entry),
        TermNode { Field: null } term => FieldsOfBareWords.Any(field => Matches(field, term.Pattern, entry)),
        TermNode term => term.Pattern.IsAny ? HasValue(term.Field!.Name, entry) : Matches(term.Field!.Name, term.Pattern, entry),
        RangeNode { Lower: null, Upper: null } => true,
        RangeNode range => IsBetween(range, Iso(entry.Date)),
        _ => throw new InvalidOperationException(query.ToString()),
    };

    private bool HasValue(string field, LogSample entry) => field.StartsWith("details", StringComparison.Ordinal)
        ? entry.DetailsAt(field)?.GetRawText() is { } json && (field == "details" || json is not ("null" or "[]" or "{}"))
        : Value(field, entry) is not null;

    private bool Matches(string field, TermPattern pattern, LogSample entry) =>
        field.StartsWith("details", StringComparison.Ordinal) ? Items(entry.DetailsAt(field)).Any(value => IsLike(value, pattern))
        : field == "date" ? Iso(entry.Date).StartsWith(pattern.Pieces[0], StringComparison.Ordinal)
        : Value(field, entry) is { } text && IsLike(text, pattern);

    private string? Value(string field, LogSample entry)
    {
        var user = population.Users.SingleOrDefault(user => user.UserId == entry.UserId);
        return field switch
        {
            "log_id" => entry.LogId,
            "date" => Iso(entry.Date),
            "type" => entry.Type,
            "description" => LogDescriptions.Of(entry.Type),
            "user_id" => entry.UserId,
            "user_name" => user?.Email ?? user?.PhoneNumber ?? user?.Name,
            "connection" => user?.Connection,
            "client_id" => entry.ClientId,
            "client_name" => entry.ClientId == "c1" ? "ada" : null,
            "ip" => entry.Address,
            "user_agent" => entry.UserAgent,
            "hostname" => LogPopulation.Hostname,
            _ => null,
        };
    }

    private static IEnumerable<JsonElement> Items(JsonElement? value) => value switch
    {
        null => [],
        { ValueKind: JsonValueKind.Array } array => array.EnumerateArray(),
        _ => [value.Value],
    };

    private static bool IsLike(JsonElement value, TermPattern pattern) => value.ValueKind switch
    {
        JsonValueKind.String => IsLike(value.GetString()!, pattern),
        JsonValueKind.Number => pattern.IsExact && value.GetRawText() == pattern.Pieces[0] && value.TryGetInt64(out _),
        JsonValueKind.True or JsonValueKind.False => pattern.IsExact && value.GetRawText() == pattern.Pieces[0],
        _ => false,
    };

    private static bool IsLike(string text, TermPattern pattern) =>
        Regex.IsMatch(text, $@"\A{string.Join(".*", pattern.Pieces.Select(Regex.Escape))}\z", RegexOptions.Singleline | RegexOptions.CultureInvariant);

    /// <summary>A partial date is compared with the same part of the entry's date.</summary>
    private static bool IsBetween(RangeNode range, string date) =>
        (range.Lower is not { } lower || (string.CompareOrdinal(date[..lower.Text.Length], lower.Text) is var low && (lower.IsInclusive ? low >= 0 : low > 0)))
        && (range.Upper is not { } upper || (string.CompareOrdinal(date[..upper.Text.Length], upper.Text) is var high && (upper.IsInclusive ? high <= 0 : high < 0)));

    private static string Iso(DateTimeOffset instant) => instant.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
