using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Sallyport.Protocols.UserQuery;
using Sallyport.Server.Users;

namespace Sallyport.Server.Tests.Users.Search;

/// <summary>Evaluates a query in memory, user by user, independently of indexes and SQL.</summary>
internal sealed class QueryEvaluator(Population population)
{
    private static readonly string[] Profile = ["user_id", "email", "username", "phone_number", "name", "nickname", "given_name", "family_name"];

    private static readonly string[] Folded = ["email", "email.domain", "name", "nickname", "given_name", "family_name"];

    public IReadOnlyList<string> Find(QueryNode query) =>
        [.. population.Users.Where(user => IsTrue(query, user)).Select(user => user.UserId).Order(StringComparer.Ordinal)];

    private bool IsTrue(QueryNode query, User user) => query switch
    {
        AllNode => true,
        AndNode and => and.Nodes.All(node => IsTrue(node, user)),
        OrNode or => or.Nodes.Any(node => IsTrue(node, user)),
        NotNode not => !IsTrue(not.Node, user),
        ExistsNode exists => HasValue(exists.Field.Name, user),
        TermNode { Field: null } term => Profile.Any(field => Matches(field, term.Pattern, user)),
        TermNode term => term.Pattern.IsAny ? HasValue(term.Field!.Name, user) : Matches(term.Field!.Name, term.Pattern, user),
        RangeNode { Lower: null, Upper: null } range => HasValue(range.Field.Name, user),
        RangeNode range => Values(range.Field.Name, user).Any(value => IsBetween(range, value)),
        _ => throw new InvalidOperationException(query.ToString()),
    };

    private bool HasValue(string field, User user) =>
        IsMetadata(field) ? Metadata(field, user).Any(value => HasLeaf(value)) : Values(field, user).Any();

    private bool Matches(string field, TermPattern pattern, User user) =>
        IsMetadata(field)
            ? Metadata(field, user).SelectMany(Items).Any(value => IsEqual(value, pattern.Pieces[0]))
            : Values(field, user).Any(value => value is DateTimeOffset instant
                ? Iso(instant).StartsWith(pattern.Pieces[0], StringComparison.Ordinal)
                : Matches(Text(value), field, pattern));

    private static bool Matches(string value, string field, TermPattern pattern)
    {
        var pieces = pattern.Pieces.Select(piece => Regex.Escape(InCaseOf(field, piece)));
        return Regex.IsMatch(InCaseOf(field, value), $@"\A{string.Join(".*", pieces)}\z", RegexOptions.Singleline | RegexOptions.CultureInvariant);
    }

    private static bool IsBetween(RangeNode range, object value) =>
        (range.Lower is not { } lower || (Compare(range.Field.Name, value, lower.Text) is var low && (lower.IsInclusive ? low >= 0 : low > 0)))
        && (range.Upper is not { } upper || (Compare(range.Field.Name, value, upper.Text) is var high && (upper.IsInclusive ? high <= 0 : high < 0)));

    private static int Compare(string field, object value, string bound) => value switch
    {
        long number => number.CompareTo(long.Parse(bound, CultureInfo.InvariantCulture)),
        // A partial date is compared with the same part of the user's date.
        DateTimeOffset instant => string.CompareOrdinal(Iso(instant)[..bound.Length], bound),
        _ => Encoding.UTF8.GetBytes(InCaseOf(field, Text(value))).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(InCaseOf(field, bound))),
    };

    private IEnumerable<object> Values(string field, User user)
    {
        object? value = field switch
        {
            "user_id" => user.UserId,
            "email" => user.Email,
            "email.domain" => user.Email?.Split('@')[1],
            "email_verified" => user.EmailVerified,
            "username" => user.Username,
            "phone_number" => user.PhoneNumber,
            "phone_verified" => user.PhoneVerified,
            "name" => user.Name,
            "nickname" => user.Nickname,
            "given_name" => user.GivenName,
            "family_name" => user.FamilyName,
            "blocked" => user.Blocked,
            "created_at" => user.CreatedAt,
            "updated_at" => user.UpdatedAt,
            "last_login" => user.LastLogin,
            "last_password_reset" => user.LastPasswordReset,
            "last_ip" => user.LastIp,
            "logins_count" => user.LoginsCount,
            "identities.connection" => user.Identities[0].Connection,
            "identities.provider" => user.Identities[0].Provider,
            "multifactor" => population.Enrolled.Contains(user.UserId) ? "guardian" : null,
            _ => null,
        };
        return value is null ? [] : [value];
    }

    private static bool IsMetadata(string field) => field.Split('.')[0] is "app_metadata" or "user_metadata";

    /// <summary>Returns every value at a path. It looks into arrays on the way, and a key may contain dots.</summary>
    private static IEnumerable<JsonElement> Metadata(string path, User user)
    {
        var root = path.Split('.')[0];
        return (root == "app_metadata" ? user.AppMetadata : user.UserMetadata) is { } metadata ? At(metadata, path[root.Length..]) : [];
    }

    private static IEnumerable<JsonElement> At(JsonElement value, string rest) =>
        rest.Length == 0 ? [value]
        : value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().SelectMany(item => At(item, rest))
        : value.ValueKind != JsonValueKind.Object ? []
        : value.EnumerateObject()
            .Where(member => rest == "." + member.Name || rest.StartsWith($".{member.Name}.", StringComparison.Ordinal))
            .SelectMany(member => At(member.Value, rest[(member.Name.Length + 1)..]));

    private static IEnumerable<JsonElement> Items(JsonElement value) =>
        value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().SelectMany(Items) : [value];

    private static bool HasLeaf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().Any(member => HasLeaf(member.Value)),
        JsonValueKind.Array => value.EnumerateArray().Any(HasLeaf),
        JsonValueKind.Null => false,
        _ => true,
    };

    private static bool IsEqual(JsonElement value, string word) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString() == word,
        JsonValueKind.True or JsonValueKind.False => value.GetRawText() == word,
        JsonValueKind.Number => double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && value.GetDouble() == number,
        _ => false,
    };

    private static string InCaseOf(string field, string value) =>
        Folded.Contains(field) ? value.Normalize(NormalizationForm.FormC).ToLowerInvariant() : value;

    private static string Iso(DateTimeOffset instant) => instant.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static string Text(object value) => value is bool truth ? (truth ? "true" : "false") : Convert.ToString(value, CultureInfo.InvariantCulture)!;
}
