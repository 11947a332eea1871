using System.Globalization;
using System.Text;
using Sallyport.Protocols.UserQuery;

namespace Sallyport.Protocols.Tests.UserQuery;

/// <summary>No text makes the parser throw, and what it understands it can write. <c>SALLYPORT_FUZZ_ROUNDS=5000000</c> tries more texts.</summary>
public sealed class QueryFuzzTests
{
    private static readonly int Rounds =
        int.Parse(Environment.GetEnvironmentVariable("SALLYPORT_FUZZ_ROUNDS") ?? "200000", CultureInfo.InvariantCulture);

    private static readonly string[] Fragments =
    [
        "AND", "OR", "NOT", "TO", "and", "-", "+", "!", "&&", "||", "(", ")", "[", "]", "{", "}", "\"", "\\", "*", "?", "~", "^", ":", "/", "<", ">",
        "=", " ", " ", " ", "\t", "\0", "\u00a0", "name:", "_exists_:", "app_metadata.a.b:", "email:(", "logins_count:[1 TO 2]", "created_at:{* TO 2018-01}",
        "jane", "\"jane smith\"", "j*", "*usa", "13", "-5", "é", "\ud83d\ude00", "\ud83d", "\udc00", "\u202e", "a\\ b", "x.y.z",
    ];

    [Fact]
    public void No_text_makes_the_parser_throw()
    {
        var random = new Generator(20_260_825);
        var parsed = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var text = round % 3 == 0 ? random.AnyText(random.Next(0, 60)) : Compose(random);
            parsed += IsParsed(text) ? 1 : 0;
        }

        // Otherwise the fuzzer would only ever see the first check of the parser.
        parsed.ShouldBeGreaterThan(Rounds / 20);
    }

    private static bool IsParsed(string text)
    {
        try
        {
            if (!QueryParser.TryParse(text, QueryLimits.Default, out var node, out var error))
            {
                return error.Position < 1 || error.Position > text.Length + 1
                    ? throw new InvalidOperationException($"the position {error.Position} is not in it")
                    : false;
            }

            var written = node?.ToString() ?? "";
            return QueryParser.TryParse(written, new QueryLimits { MaxLength = int.MaxValue, MaxDepth = 1000 }, out var again, out var fault)
                && (again?.ToString() ?? "") == written
                ? true
                : throw new InvalidOperationException($"written as {written}, read as {again?.ToString() ?? fault?.ToString()}");
        }
        catch (Exception exception)
        {
            throw new InvalidOperationException($"on: {text}", exception);
        }
    }

    private static string Compose(Generator random)
    {
        var text = new StringBuilder();
        for (var parts = random.Next(0, 12); parts > 0; parts--)
        {
            text.Append(random.Pick(Fragments)).Append(random.NextBool() ? " " : "");
        }

        return text.ToString();
    }
}
