using System.Text;
using System.Text.RegularExpressions;

namespace Sallyport.Server.Tests.Hosting;

/// <summary>
/// An e-mail, read by a reader of our own that is stricter than mail programs: a header line that is none, a header
/// that stands there twice or a bare line feed fails the test.
/// </summary>
internal sealed partial record Mail(IReadOnlyDictionary<string, string> Headers, string Text, string Html)
{
    private const string Break = "\r\n";

    /// <returns>In the order in which they were written.</returns>
    public static async Task<IReadOnlyList<Mail>> WaitForAsync(TestServer server, int count)
    {
        var files = await Eventually.GetAsync(() => Task.FromResult(ListFiles(server)), files => files.Length >= count);
        files.Length.ShouldBe(count);
        return [.. files.Select(file => Parse(File.ReadAllText(file)))];
    }

    public static string[] ListFiles(TestServer server) =>
        Directory.Exists(server.Options.OutboxDirectory)
            ? [.. Directory.GetFiles(server.Options.OutboxDirectory, "*.eml").Order(StringComparer.Ordinal)]
            : [];

    public static Mail Parse(string raw)
    {
        raw.Replace(Break, "").IndexOfAny(['\r', '\n']).ShouldBe(-1, "A line that does not end in CRLF");
        raw.Split(Break).ShouldAllBe(line => line.Length <= 998);
        var (headers, body) = ReadEntity(raw);
        var boundary = BoundaryPattern().Match(headers["Content-Type"]).Groups[1].Value;
        var parts = body.Split("--" + boundary);
        parts.Length.ShouldBe(4);
        parts[0].ShouldBeEmpty();
        parts[3].ShouldBe("--" + Break);
        return new Mail(headers, ReadPart(parts[1], "text/plain"), ReadPart(parts[2], "text/html"));
    }

    private static string ReadPart(string part, string type)
    {
        var (headers, body) = ReadEntity(part[Break.Length..]);
        headers["Content-Type"].ShouldBe(type + "; charset=utf-8");
        headers["Content-Transfer-Encoding"].ShouldBe("base64");
        return Encoding.UTF8.GetString(Convert.FromBase64String(body.Replace(Break, "")));
    }

    private static (Dictionary<string, string> Headers, string Body) ReadEntity(string raw)
    {
        var end = raw.IndexOf(Break + Break, StringComparison.Ordinal);
        end.ShouldBeGreaterThan(0);
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var line in raw[..end].Replace(Break + " ", " ").Split(Break))
        {
            var match = HeaderPattern().Match(line);
            match.Success.ShouldBeTrue(line);
            headers.TryAdd(match.Groups[1].Value, Decode(match.Groups[2].Value)).ShouldBeTrue(line);
        }

        return (headers, raw[(end + (2 * Break.Length))..]);
    }

    /// <summary>Encoded words (RFC 2047); the space between two of them is no space.</summary>
    private static string Decode(string value) => WordPattern().Replace(
        value.Replace("?= =?", "?==?"), match => Encoding.UTF8.GetString(Convert.FromBase64String(match.Groups[1].Value)));

    [GeneratedRegex("""^multipart/alternative; boundary="([^"]+)"$""")]
    private static partial Regex BoundaryPattern();

    [GeneratedRegex("^([A-Za-z-]+): (.*)$")]
    private static partial Regex HeaderPattern();

    [GeneratedRegex(@"=\?utf-8\?B\?([A-Za-z0-9+/=]*)\?=")]
    private static partial Regex WordPattern();
}
