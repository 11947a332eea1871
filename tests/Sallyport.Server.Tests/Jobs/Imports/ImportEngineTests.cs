using System.Text;
using System.Text.Json;
using Sallyport.Server.Audit;
using Sallyport.Server.Jobs.Imports;

namespace Sallyport.Server.Tests.Jobs.Imports;

/// <summary>How many records of a file are held in memory.</summary>
public sealed class ImportEngineTests
{
    [Fact]
    public async Task A_batch_has_a_limit_on_its_number_of_records()
    {
        var file = Lines(2 * ImportEngine.MaxRecords + 5, i => $$"""{"email":"u{{i}}@example.com"}""");

        var batches = await CutAsync(file);

        batches.Select(batch => batch.Count).ShouldBe([ImportEngine.MaxRecords, ImportEngine.MaxRecords, 5]);
    }

    [Fact]
    public async Task A_batch_ends_with_the_record_that_reaches_the_size_limit()
    {
        var text = new string('x', ImportEngine.MaxSize / 10);
        var file = Lines(25, i => $$"""{"email":"u{{i}}@example.com","user_metadata":{"text":"{{text}}"} }""");

        var batches = await CutAsync(file);

        batches.Select(batch => batch.Count).ShouldBe([10, 10, 5]);
        batches.SelectMany(batch => batch).Select(candidate => candidate.Number).ShouldBe(Enumerable.Range(1, 25).Select(i => (long)i));
        batches.SelectMany(batch => batch).ShouldAllBe(candidate => candidate.Failure == null);
    }

    [Fact]
    public async Task Records_that_are_written_already_are_skipped()
    {
        var text = new string('x', ImportEngine.MaxSize / 10);
        var file = Lines(25, i => $$"""{"email":"u{{i}}@example.com","user_metadata":{"text":"{{text}}"} }""");

        var batches = await CutAsync(file, after: 7);

        batches.Select(batch => batch[^1].Number).ShouldBe([17, 25]);
    }

    [Fact]
    public async Task The_text_of_a_refused_record_is_not_held()
    {
        string[] file =
        [
            $$"""{"email":"large@example.com","user_metadata":{"text":"{{new string('x', 900_000)}}"} }""",
            """{"email":"twice@example.com","email":"twice@example.com"}""",
            """{"email":"unknown@example.com","unknown":true}""",
            new string(' ', JsonLines.MaxLength + 1),
        ];

        var refused = (await CutAsync(file)).SelectMany(batch => batch).ToList();

        refused.Count.ShouldBe(file.Length);
        refused.ShouldAllBe(candidate => candidate.Raw.ValueKind == JsonValueKind.Undefined && candidate.Record == null && candidate.User == null);
        refused[0].Failure!.User["email"].ShouldBe("large@example.com");
        refused[0].Failure!.Errors[0].Message.ShouldContain("Metadata must not have more than 262144 characters in all");
        refused[3].Failure!.Errors[0].Message.ShouldContain($"A line has more than {JsonLines.MaxLength} bytes");
    }

    private static IEnumerable<string> Lines(int count, Func<int, string> line) => Enumerable.Range(0, count).Select(line);

    private static async Task<List<List<ImportCandidate>>> CutAsync(IEnumerable<string> lines, long after = 0)
    {
        var target = new ImportTarget(CallContext.Internal(CallChannel.CommandLine), "users", Upsert: false, JobId: null);
        using var file = new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', lines)));
        var records = JsonLines.ReadAsync(file, CancellationToken.None);
        return await ImportEngine.ReadBatchesAsync(records, target, after, TimeProvider.System, CancellationToken.None).ToListAsync();
    }
}
