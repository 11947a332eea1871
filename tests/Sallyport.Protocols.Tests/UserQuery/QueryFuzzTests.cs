using System.Globalization;
using CsCheck;
using Sallyport.Protocols.UserQuery;

namespace Sallyport.Protocols.Tests.UserQuery;

/// <summary>
/// No text makes the parser throw, and a tree written as a query reads as the same tree. <c>SALLYPORT_FUZZ_ROUNDS=5000000</c> tries more texts.
/// </summary>
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

    private static readonly Gen<string> Text = Gen.Frequency(
        (1, Gen.String[0, 60]),
        (2, Gen.Select(Gen.OneOf(Fragments), Gen.OneOf("", " "), (fragment, space) => fragment + space).Array[0, 12].Select(string.Concat)));

    [Fact]
    public void No_text_makes_the_parser_throw()
    {
        var parsed = 0;

        Text.Sample(text => Interlocked.Add(ref parsed, IsParsed(text) ? 1 : 0), iter: Rounds);

        // Otherwise the test would reach only the first check of the parser.
        parsed.ShouldBeGreaterThan(Rounds / 20);
    }

    private static bool IsParsed(string text)
    {
        if (!QueryParser.TryParse(text, QueryLimits.Default, out var node, out var error))
        {
            error.Position.ShouldBeInRange(1, text.Length + 1);
            return false;
        }

        var written = node?.ToString() ?? "";
        QueryParser.TryParse(written, new QueryLimits { MaxLength = int.MaxValue, MaxDepth = 1000 }, out var again, out var fault).ShouldBeTrue(fault?.ToString());
        (again?.ToString() ?? "").ShouldBe(written);
        return true;
    }
}
