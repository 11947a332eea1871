using System.Globalization;
using Sallyport.Protocols.Tests;
using Sallyport.Protocols.UserQuery;

namespace Sallyport.Server.Tests.Audit;

/// <summary>Queries of every kind of clause, with values that some entry has, nearly has, or lacks.</summary>
internal sealed class LogRandomQueries(LogPopulation population, Choices random)
{
    private const int MaxDepth = 4;

    private static readonly string[] Texts =
        ["log_id", "type", "description", "user_id", "user_name", "connection", "client_id", "client_name", "ip", "user_agent", "hostname", "strategy"];

    private static readonly string[] Paths =
    [
        "request", "request.method", "request.query", "request.query.a b", "request.body", "request.body.plan", "request.body.plan.deep", "request.body.n", "request.body.on",
        "request.body.é", "response.statusCode", "none",
    ];

    public QueryNode Next() => Node(random.Below(MaxDepth));

    private QueryNode Node(int depth) => depth == 0 ? Leaf() : random.Below(5) switch
    {
        0 or 1 => new AndNode(Some(depth)),
        2 or 3 => new OrNode(Some(depth)),
        _ => new NotNode(Node(depth - 1)),
    };

    private List<QueryNode> Some(int depth) => [.. Enumerable.Range(0, 2 + random.Below(2)).Select(_ => Node(depth - 1))];

    private QueryNode Leaf() => random.Below(10) switch
    {
        0 => new TermNode(null, Pattern(Text(random.Pick<string>(Texts))), 1),
        1 or 2 or 3 => Term(random.Pick<string>(Texts)),
        4 => new TermNode(new QueryField("date", 1), TermPattern.Exact(Date()), 1),
        5 => new RangeNode(new QueryField("date", 1), Bound(), Bound()),
        6 => new ExistsNode(new QueryField(random.Pick<string>([.. Texts, "date", "details", Path()]), 1)),
        7 or 8 => new TermNode(new QueryField(Path(), 1), Pattern(random.Pick<string>([.. LogPopulation.Texts, "201", "-13", "13.0", "false", "12345678901234567890"])), 1),
        _ => new AllNode(),
    };

    private TermNode Term(string field) => new(new QueryField(field, 1), Pattern(Text(field)), 1);

    private string Path() => "details." + random.Pick<string>(Paths);

    private string Text(string field)
    {
        var entry = population.Entries[random.Below(population.Entries.Count)];
        return field switch
        {
            "log_id" => entry.LogId,
            "type" => entry.Type,
            "description" => random.Pick("API operation", "Guardian - authenticator removed", "Guardian"),
            "user_id" => entry.UserId,
            "user_name" => random.Pick("ada1@example.com", "ADA1@example.com", "+15553", random.Pick<string>(LogPopulation.Texts)),
            "connection" => "c1",
            "client_id" => entry.ClientId,
            "ip" => entry.Address,
            "hostname" => LogPopulation.Hostname,
            _ => random.Pick<string>(LogPopulation.Texts),
        } ?? "none";
    }

    private TermPattern Pattern(string text)
    {
        var (start, end) = (Cut(text, random.Below(text.Length + 1)), text[Cut(text, random.Below(text.Length + 1)).Length..]);
        IReadOnlyList<string> pieces = random.Below(6) switch
        {
            0 => [start, ""],
            1 => ["", end],
            2 => ["", end, ""],
            3 => [start, end],
            _ => [text],
        };
        // A pattern needs three characters besides its stars.
        return pieces.Count > 1 && pieces.Sum(piece => piece.EnumerateRunes().Count()) < 3 ? new TermPattern([start, ""]) : new TermPattern(pieces);
    }

    private static string Cut(string text, int length) =>
        length > 0 && length < text.Length && char.IsLowSurrogate(text[length]) ? text[..(length - 1)] : text[..length];

    private string Date()
    {
        var iso = LogPopulation.Instant(random).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        return random.Pick(iso[..4], iso[..7], iso[..7], iso[..10], iso[..10], iso[..13], iso[..16], iso[..19], iso);
    }

    private RangeBound? Bound() => random.Chance(20) ? null : new RangeBound(Date(), random.Chance(50), 1);
}
