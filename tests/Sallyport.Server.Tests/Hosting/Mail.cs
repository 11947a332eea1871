using System.Text;
using System.Text.RegularExpressions;
using MimeKit;

namespace Sallyport.Server.Tests.Hosting;

/// <summary>
/// An e-mail. The reader is stricter than mail programs: a line that is no header, a header that occurs twice or a bare line feed fails the
/// test.
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

    public static string[] ListFilesTo(TestServer server, string address) =>
        [.. ListFiles(server).Where(file => Parse(File.ReadAllText(file)).Headers["To"].Contains(address, StringComparison.Ordinal))];

    /// <param name="before">The files of earlier mails. The names of files do not tell: they are in no order within a millisecond.</param>
    /// <returns>The next mail to the address.</returns>
    public static async Task<Mail> WaitAsync(TestServer server, string address, IEnumerable<string> before)
    {
        var files = await Eventually.GetAsync(() => Task.FromResult(ListFilesTo(server, address).Except(before).ToList()), files => files.Count == 1);
        return Parse(File.ReadAllText(files[0]));
    }

    /// <returns>The code in the next mail to the address that has one.</returns>
    public static async Task<string> WaitForCodeAsync(TestServer server, string address, IEnumerable<string> before)
    {
        var codes = await Eventually.GetAsync(
            () => Task.FromResult(ListFilesTo(server, address).Except(before)
                .Select(file => CodePattern().Match(Parse(File.ReadAllText(file)).Text)).Where(match => match.Success).ToList()),
            codes => codes.Count == 1);
        return codes[0].Value;
    }

    public static Mail Parse(string raw)
    {
        raw.Replace(Break, "").IndexOfAny(['\r', '\n']).ShouldBe(-1, "A line that does not end in CRLF");
        raw.Split(Break).ShouldAllBe(line => line.Length <= 998);
        raw.ShouldAllBe(character => char.IsAscii(character));
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(raw));
        using var message = MimeMessage.Load(stream);
        var parts = message.Body.ShouldBeOfType<MultipartAlternative>();
        return new Mail(ReadHeaders(raw, message), ReadPart(parts, 0, "text/plain"), ReadPart(parts, 1, "text/html"));
    }

    private static Dictionary<string, string> ReadHeaders(string raw, MimeMessage message)
    {
        var names = raw[..raw.IndexOf(Break + Break, StringComparison.Ordinal)].Split(Break)
            .Where(line => !line.StartsWith(' ') && !line.StartsWith('\t'))
            .Select(line => HeaderPattern().Match(line))
            .ToList();
        names.ShouldAllBe(match => match.Success);
        names.Select(match => match.Groups[1].Value.ToUpperInvariant()).ShouldBeUnique();
        var headers = message.Headers.ToDictionary(header => header.Field, header => header.Value.Replace('\t', ' '), StringComparer.OrdinalIgnoreCase);
        headers["Content-Type"] = message.Body!.ContentType.MimeType;
        headers["MIME-Version"] = message.MimeVersion!.ToString();
        return headers;
    }

    private static string ReadPart(MultipartAlternative parts, int index, string type)
    {
        parts.Count.ShouldBe(2);
        var part = parts[index].ShouldBeOfType<TextPart>();
        part.ContentType.MimeType.ShouldBe(type);
        part.ContentType.Charset.ShouldBe("utf-8");
        using var content = new MemoryStream();
        part.Content.ShouldNotBeNull().DecodeTo(content);
        var text = Encoding.UTF8.GetString(content.ToArray());
        text.Replace(Break, "").IndexOfAny(['\r', '\n']).ShouldBe(-1, "A line of a part that does not end in CRLF");
        return text.ReplaceLineEndings("\n");
    }

    [GeneratedRegex(@"\b[0-9]{6,10}\b")]
    private static partial Regex CodePattern();

    [GeneratedRegex("^([A-Za-z-]+): (.*)$")]
    private static partial Regex HeaderPattern();
}
