namespace Sallyport.Protocols.Tests.Liquid.Comparison;

/// <summary>
/// Data of one shape with random content. Excluded, because liquidjs differs by design: characters beyond the basic plane (it counts
/// UTF-16 units), runs of white space (it splits at every space), fractions that binary does not hold exactly (it adds in binary).
/// </summary>
internal sealed class RandomData(Choices random)
{
    private static readonly string[] Words =
        ["alpha", "Beta", "gamma", "Delta", "x", "Ünder", "<b>bold</b>", "it's", "a&b", "\"quoted\"", "100%", "foo_bar", "né", "z"];

    public Dictionary<string, object?> Create() => new()
    {
        ["name"] = Word(),
        ["title"] = Sentence(),
        ["plain"] = random.Pick("alpha beta", "one/two", "a=b&c=d", "Zürich"),
        ["empty_text"] = "",
        ["n"] = Integer(),
        ["m"] = (long)random.Below(5) + 1,
        ["price"] = (random.Below(200) - 60) / 4.0,
        ["flag"] = random.Chance(50),
        ["off"] = false,
        ["nothing"] = null,
        ["tags"] = List(random.Below(5), Word),
        ["nums"] = List(random.Below(6), Integer),
        ["none"] = new List<object?>(),
        ["created"] = random.Pick("2016-03-14T10:20:30Z", "2024-02-29", "1999-12-31T23:59:59Z", "March 14, 2016"),
        ["epoch"] = (long)random.Below(2_000_000_000),
        ["user"] = User(),
        ["items"] = List(random.Below(5), Item),
    };

    public string Word() => random.Pick(Words);

    public string Sentence() => string.Join(' ', List(random.Below(7) + 1, Word));

    private object Integer() => (long)random.Below(40) - 10;

    private Dictionary<string, object?> User() => new()
    {
        ["id"] = Integer(),
        ["email"] = random.Pick("a@example.com", "bob+tag@example.org"),
        ["roles"] = List(random.Below(4), Word),
        ["address"] = new Dictionary<string, object?> { ["city"] = Word(), ["zip"] = Integer() },
    };

    private Dictionary<string, object?> Item() => new()
    {
        ["name"] = Word(),
        ["kind"] = random.Pick("p", "q", "r"),
        ["count"] = Integer(),
        ["ok"] = random.Chance(50),
    };

    private static List<object?> List(int count, Func<object?> create) => [.. Enumerable.Range(0, count).Select(_ => create())];
}
