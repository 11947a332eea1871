using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Sallyport.Server.Tests.Hosting;

/// <summary>The messages to phones in the outbox folder.</summary>
internal static partial class PhoneOutbox
{
    /// <returns>In the order in which they were written.</returns>
    public static async Task<IReadOnlyList<JsonObject>> WaitForAsync(TestServer server, int count)
    {
        var files = await Eventually.GetAsync(() => Task.FromResult(ListFiles(server)), files => files.Length >= count);
        files.Length.ShouldBe(count);
        return [.. files.Select(Read)];
    }

    /// <returns>The code of a message, whether it is written or spoken.</returns>
    public static string CodeIn(JsonObject message) => NotDigits().Replace(CodePattern().Match((string)message["text"]!).Value, "");

    /// <param name="before">The files of earlier messages, which are left out.</param>
    public static IReadOnlyList<JsonObject> ListTo(TestServer server, string number, IEnumerable<string>? before = null) =>
        [.. ListFiles(server).Except(before ?? []).Select(Read).Where(message => (string?)message["to"] == number)];

    public static string[] ListFiles(TestServer server) =>
        Directory.Exists(server.Options.OutboxDirectory)
            ? [.. Directory.GetFiles(server.Options.OutboxDirectory, "*.json").Order(StringComparer.Ordinal)]
            : [];

    private static JsonObject Read(string file) => JsonNode.Parse(File.ReadAllText(file))!.AsObject();

    [GeneratedRegex(@"[0-9](?:[.,\s]*[0-9]){5,9}")]
    private static partial Regex CodePattern();

    [GeneratedRegex("[^0-9]")]
    private static partial Regex NotDigits();
}
