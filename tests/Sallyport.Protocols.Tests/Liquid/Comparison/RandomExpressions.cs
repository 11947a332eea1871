namespace Sallyport.Protocols.Tests.Liquid.Comparison;

/// <summary>
/// Random expressions of a given type, which both engines can evaluate. Comments name the cases that are left out because the reference
/// implementation, which this engine follows, differs from liquidjs.
/// </summary>
internal sealed class RandomExpressions(Choices random)
{
    /// <summary>Names that the template has bound so far, by type; loops and assignments add to them.</summary>
    public List<string> TextNames { get; } = ["name", "title", "plain", "empty_text", "user.email", "user.address.city", "user['email']"];

    public List<string> NumberNames { get; } = ["n", "m", "user.id", "user.address.zip", "nums.size", "title.size", "nums[0]", "price"];

    public List<string> ItemNames { get; } = ["items[0]", "items.first", "items[-1]", "items.last"];

    // Maps and ranges are left out: liquidjs prints [object Object] for a map, and the numbers of a range.
    public string Printable(int depth) => random.Below(10) switch
    {
        < 4 => Text(depth),
        < 7 => Number(depth),
        7 => $"{List(depth)} | join: {random.Pick("', '", "'-'", "name")}",
        8 => Last(depth),
        _ => random.Pick("flag", "nothing", "nosuch.thing", "tags", "nums", "nums[n]", "tags[m]", "user.nosuch", "items[0].ok", "user['id']"),
    };

    public string Text(int depth)
    {
        if (depth <= 0 || random.Chance(40))
        {
            return random.Chance(70) ? random.Pick([.. TextNames]) : Quoted();
        }

        // url_encode gets only text without !'()*, which liquidjs does not encode. truncatewords gets more words than its limit, because
        // liquidjs adds the ellipsis even if nothing is cut. The pattern of replace is never empty.
        return random.Below(22) switch
        {
            0 => $"{Text(depth - 1)} | upcase",
            1 => $"{Text(depth - 1)} | downcase",
            2 => $"{Text(depth - 1)} | capitalize",
            3 => $"{Text(depth - 1)} | append: {Simple()}",
            4 => $"{Text(depth - 1)} | prepend: {Simple()}",
            5 => $"{Text(depth - 1)} | strip",
            6 => $"{Text(depth - 1)} | replace: {Pattern()}, {Simple()}",
            7 => $"{Text(depth - 1)} | replace_first: {Pattern()}, {Simple()}",
            8 => $"{Text(depth - 1)} | replace_last: {Pattern()}, {Simple()}",
            9 => $"{Text(depth - 1)} | remove: {Pattern()}",
            10 => $"{Text(depth - 1)} | truncate: {random.Below(20)}{random.Pick("", ", '..'", ", ''")}",
            11 => $"'one two three four five six' | truncatewords: {random.Below(5) + 1}{random.Pick("", ", '~'")}",
            12 => $"{Text(depth - 1)} | slice: {random.Below(8) - 3}, {random.Below(5)}",
            13 => $"{Splittable(depth - 1)} | join: {random.Pick("'_'", "''")}",
            14 => $"{random.Pick("nothing", "empty_text", "off", "name", "none", "nosuch")} | default: {Simple()}",
            15 => "plain | url_encode",
            16 => "plain | url_encode | url_decode",
            17 => $"{Text(depth - 1)} | base64_encode | base64_decode",
            18 => $"{random.Pick("created", "epoch")} | date: '{DateFormat()}'",
            19 => $"{Text(depth - 1)} | strip_html | squish",
            20 => $"tags | {random.Pick("first", "last", "sort | first", "sort_natural | join: ','", "uniq | join", "reverse | join: '+'")}",
            _ => $"items | map: 'name' | {random.Pick("join: ','", "compact | join", "concat: tags | join: '/'")}",
        };
    }

    // Only numbers that are exact in binary. Quotients are whole, because liquidjs does not round the quotient of integers down.
    public string Number(int depth)
    {
        if (depth <= 0 || random.Chance(40))
        {
            return random.Chance(70) ? random.Pick([.. NumberNames]) : random.Pick("0", "1", "2", "7", "-3", "2.5", "-0.25");
        }

        return random.Below(14) switch
        {
            0 => $"{Number(depth - 1)} | plus: {Term()}",
            1 => $"{Number(depth - 1)} | minus: {Term()}",
            2 => $"{Number(depth - 1)} | times: {random.Pick("2", "3", "-1", "m")}",
            3 => $"{Number(depth - 1)} | times: m | divided_by: m",
            4 => $"{Number(depth - 1)} | modulo: {random.Pick("3", "m", "5")}",
            5 => $"{Number(depth - 1)} | abs",
            6 => $"{Number(depth - 1)} | {random.Pick("ceil", "floor", "round", "round: 1")}",
            7 => $"{Number(depth - 1)} | at_least: {Term()}",
            8 => $"{Number(depth - 1)} | at_most: {Term()}",
            9 => $"{Text(depth - 1)} | size",
            10 => $"nums | {random.Pick("size", "sum", "first", "last", "sort | last", "uniq | size")}",
            11 => $"items | {random.Pick("sum: 'count'", "where: 'ok' | size", "where: 'kind', 'p' | size", "reject: 'ok' | size")}",
            12 => $"items | {random.Pick("find_index: 'kind', 'q'", "find_index: 'ok'", "map: 'count' | sum", "size")}",
            _ => $"{List(depth - 1)} | size",
        };
    }

    public string List(int depth) => random.Below(10) switch
    {
        < 3 => random.Pick("tags", "user.roles", "none"),
        < 5 => "nums",
        5 => $"tags | {random.Pick("sort", "reverse", "uniq", "sort_natural", "compact", "concat: user.roles", "slice: 0, 2")}",
        6 => $"nums | {random.Pick("sort", "reverse", "uniq", "concat: tags", "slice: 1, 3")}",
        7 => Splittable(Math.Min(1, depth)),
        8 => $"items | map: {random.Pick("'name'", "'count'", "'nosuch'")}",
        _ => $"(1..{random.Below(6)})",
    };

    /// <summary>Collections for loops, which allow no filters.</summary>
    public string Collection() => random.Below(8) switch
    {
        0 => $"({random.Below(3)}..{random.Pick("m", "3", "5", "nums.size")})",
        1 => "user.roles",
        2 => "nums",
        3 => random.Pick("none", "nothing", "nosuch"),
        _ => "tags",
    };

    // Only values of one type are compared. Here a text and a number cannot be compared, and null has no order; in liquidjs they can.
    public string Condition(int depth)
    {
        var simple = random.Below(9) switch
        {
            0 => random.Pick("flag", "off", "nothing", "empty_text", "none", "nosuch.thing", "items[0].ok", "true", "false"),
            1 => $"{random.Pick([.. TextNames])} {Equality()} {Simple()}",
            2 => $"{random.Pick("n", "m", "user.id", "price", "nums[1]")} {Order()} {random.Pick("0", "3", "m", "2.5")}",
            3 => $"{random.Pick([.. TextNames])} contains {Pattern()}",
            4 => $"{random.Pick("tags", "user.roles")} contains {random.Pick("name", "'x'", "'alpha'", "'z'")}",
            5 => $"{random.Pick("none", "empty_text", "nothing", "tags", "name", "user", "n", "off")} {Equality()} {random.Pick("empty", "blank", "nil")}",
            6 => $"{random.Pick("name", "title")} {Order()} {random.Pick("'c'", "'Beta'", "plain")}",
            7 => $"tags {Equality()} user.roles",
            _ => $"nums contains {random.Pick("n", "1", "m")}",
        };
        return depth > 0 && random.Chance(30) ? $"{simple} {random.Pick("and", "or")} {Condition(depth - 1)}" : simple;
    }

    public string Quoted() => random.Pick("'lit'", "\"dbl\"", "'two words'", "''", "'{{'", "'<i>'", "'a,b,a'");

    /// <summary>Filters that come last, because the engines escape some characters differently, which later filters would see.</summary>
    private string Last(int depth) => random.Below(5) switch
    {
        0 => $"{Text(depth)} | escape",
        1 => $"{Text(depth)} | escape_once",
        2 => $"{random.Pick("user", "items", "nums", "name", "flag", "nothing", "price", "tags")} | json",
        3 => $"{Text(depth)} | newline_to_br",
        _ => $"items | has: 'kind', '{random.Pick("p", "q")}' | json",
    };

    // Only text without two spaces in a row is split at spaces.
    private string Splittable(int depth) =>
        random.Chance(30) ? "title | split: ' '" : $"{Text(depth)} | split: {random.Pick("'a'", "','", "''")}";

    private string Simple() => random.Chance(50) ? random.Pick([.. TextNames]) : Quoted();

    private string Term() => random.Pick("1", "2", "-4", "m", "n", "0.5", "price");

    private string Pattern() => random.Pick("'a'", "'b'", "'l'", "'alpha'", "' '", "'&'", "'zz'");

    private string Equality() => random.Pick("==", "!=");

    private string Order() => random.Pick("==", "!=", "<", "<=", ">", ">=");

    private string DateFormat() => random.Pick(
        "%Y-%m-%d", "%d.%m.%y %H:%M", "%b %e, %Y", "%A %B %-d", "%a %I:%M %p", "%j", "%s", "%l:%M:%S", "%y%%", "%-m/%-d", "%k %P");
}
