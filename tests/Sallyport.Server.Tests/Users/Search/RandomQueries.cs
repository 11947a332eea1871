using System.Globalization;
using Sallyport.Protocols.Tests;
using Sallyport.Protocols.UserQuery;

namespace Sallyport.Server.Tests.Users.Search;

/// <summary>Queries of every kind of clause, with values that some user has, nearly has, or lacks.</summary>
internal sealed class RandomQueries(Population population, Choices random)
{
    private const int MaxDepth = 4;

    private static readonly string[] Texts =
    [
        "user_id", "email", "email.domain", "username", "phone_number", "name", "nickname", "given_name", "family_name", "last_ip",
        "identities.connection",
    ];

    private static readonly string[] Instants = ["created_at", "updated_at", "last_login", "last_password_reset"];

    private static readonly string[] Booleans = ["email_verified", "phone_verified", "blocked"];

    private static readonly string[] Paths =
    [
        "plan", "seats", "active", "subscription", "subscription.plan", "subscription.since", "tags", "tags.d", "empty", "nested.empty", "big", "small", "É",
        "none",
    ];

    public QueryNode Next() => Node(random.Below(MaxDepth));

    private QueryNode Node(int depth) => depth == 0 ? Leaf() : random.Below(5) switch
    {
        0 or 1 => new AndNode(Some(depth)),
        2 or 3 => new OrNode(Some(depth)),
        _ => new NotNode(Node(depth - 1)),
    };

    private List<QueryNode> Some(int depth) => [.. Enumerable.Range(0, 2 + random.Below(2)).Select(_ => Node(depth - 1))];

    private QueryNode Leaf() => random.Below(14) switch
    {
        0 => new TermNode(null, Pattern(Text(random.Pick<string>(Texts))), 1),
        1 or 2 => new TermNode(Field(random.Pick<string>(Texts), out var field), Pattern(Text(field)), 1),
        3 => new RangeNode(Field(random.Pick<string>(Texts), out var field), Bound(Text(field)), Bound(Text(field))),
        4 => new RangeNode(Field(random.Pick<string>(Instants), out _), Bound(Date()), Bound(Date())),
        5 => new RangeNode(Field("logins_count", out _), Bound(Number()), Bound(Number())),
        6 => Exact(random.Pick<string>(Instants), Date()),
        7 => Exact("logins_count", Number()),
        8 => Exact(random.Pick<string>(Booleans), random.Pick("true", "false")),
        9 => new ExistsNode(Field(random.Pick<string>([.. Texts, .. Instants, .. Booleans, "multifactor", "identities.provider", "organization_id", Path()]), out _)),
        10 => random.Chance(50) ? Exact("multifactor", random.Pick("guardian", "duo")) : Exact("organization_id", "org_1"),
        11 => new TermNode(Field("identities.provider", out _), Prefix(random.Pick("auth0", "sms", "Auth0", "au", "a|b")), 1),
        12 or 13 => Exact(Path(), random.Pick("gold", "Gold", "silver", "13", "13.0", "1.3e1", "true", "false", "2020", "1500", "0", "a", "c", "ß", "1e-30",
            "12345678901234567890123456789012345", "none")),
        _ => new AllNode(),
    };

    private string Path() =>
        random.Chance(5) ? random.Pick("app_metadata", "user_metadata") : $"{random.Pick("app", "user")}_metadata.{random.Pick<string>(Paths)}";

    private static TermNode Exact(string field, string value) => new(Field(field, out _), TermPattern.Exact(value), 1);

    private static QueryField Field(string name, out string same)
    {
        same = name;
        return new QueryField(name, 1);
    }

    private string Text(string field)
    {
        var user = population.Users[random.Below(population.Users.Count)];
        var text = field switch
        {
            "user_id" => user.UserId,
            "email" => user.Email,
            "email.domain" => user.Email?.Split('@')[1],
            "phone_number" => user.PhoneNumber,
            "last_ip" => user.LastIp,
            "identities.connection" => user.Connection,
            _ => random.Pick<string>(Population.Names),
        } ?? "x";
        return random.Below(6) switch
        {
            0 => text.ToUpperInvariant(),
            1 => text.Normalize(System.Text.NormalizationForm.FormD),
            _ => text,
        };
    }

    private TermPattern Pattern(string text) => random.Below(4) switch
    {
        0 => Prefix(text),
        1 => Inner(text),
        _ => TermPattern.Exact(text),
    };

    private TermPattern Prefix(string text)
    {
        var start = Cut(text, random.Below(text.Length + 1));
        return random.Chance(30) ? TermPattern.Exact(text) : new TermPattern([start, ""]);
    }

    private TermPattern Inner(string text)
    {
        var (first, second) = (random.Below(text.Length + 1), random.Below(text.Length + 1));
        var (start, end) = (Cut(text, Math.Min(first, second)), text[Cut(text, Math.Max(first, second)).Length..]);
        TermPattern pattern = new(random.Below(3) switch
        {
            0 => ["", end],
            1 => ["", end, ""],
            _ => [start, end],
        });
        // A pattern needs three characters besides its stars.
        return pattern.Pieces.Sum(piece => piece.EnumerateRunes().Count()) < 3 ? new TermPattern([start, ""]) : pattern;
    }

    /// <summary>Does not split a surrogate pair, because a URL cannot contain half of one.</summary>
    private static string Cut(string text, int length) =>
        length > 0 && length < text.Length && char.IsLowSurrogate(text[length]) ? text[..(length - 1)] : text[..length];

    private string Date()
    {
        var iso = Population.Instant(random).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        return random.Pick(iso[..4], iso[..7], iso[..7], iso[..10], iso[..10], iso[..13], iso[..16], iso[..19], iso);
    }

    private string Number() => random.Below(32).ToString(CultureInfo.InvariantCulture);

    private RangeBound? Bound(string text) => random.Chance(20) ? null : new RangeBound(text, random.Chance(50), 1);
}
