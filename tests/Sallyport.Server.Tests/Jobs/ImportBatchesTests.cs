using System.Text;
using Sallyport.Server.Audit;
using Sallyport.Server.Jobs;

namespace Sallyport.Server.Tests.Jobs;

/// <summary>How much of a file is held at once.</summary>
public sealed class ImportBatchesTests
{
    [Fact]
    public async Task Ordinary_records_are_written_so_many_at_a_time()
    {
        var file = Lines(2 * ImportBatches.MaxRecords + 5, i => $$"""{"email":"u{{i}}@example.com"}""");

        var batches = await CutAsync(file);

        batches.Select(batch => batch.Count).ShouldBe([ImportBatches.MaxRecords, ImportBatches.MaxRecords, 5]);
    }

    [Fact]
    public async Task A_batch_ends_with_the_line_that_makes_it_too_large()
    {
        var text = new string('x', ImportBatches.MaxSize / 10);
        var file = Lines(25, i => $$"""{"email":"u{{i}}@example.com","user_metadata":{"text":"{{text}}"} }""");

        var batches = await CutAsync(file);

        batches.Select(batch => batch.Count).ShouldBe([10, 10, 5]);
        batches.SelectMany(batch => batch).Select(numbered => numbered.Number).ShouldBe(Enumerable.Range(1, 25).Select(i => (long)i));
        batches.SelectMany(batch => batch).ShouldAllBe(numbered => numbered.Candidate.Failure == null);
    }

    [Fact]
    public async Task What_is_written_already_has_no_weight()
    {
        var text = new string('x', ImportBatches.MaxSize / 10);
        var file = Lines(25, i => $$"""{"email":"u{{i}}@example.com","user_metadata":{"text":"{{text}}"} }""");

        var batches = await CutAsync(file, after: 7);

        batches.Select(batch => batch[^1].Number).ShouldBe([17, 25]);
    }

    [Fact]
    public async Task Of_a_record_that_is_refused_its_text_is_not_held()
    {
        string[] file =
        [
            $$"""{"email":"large@example.com","user_metadata":{"text":"{{new string('x', 900_000)}}"} }""",
            """{"email":"twice@example.com","email":"twice@example.com"}""",
            """{"email":"unknown@example.com","unknown":true}""",
            new string(' ', JsonLines.MaxLength + 1),
        ];

        var refused = (await CutAsync(file)).SelectMany(batch => batch).Select(numbered => numbered.Candidate).ToList();

        refused.Count.ShouldBe(file.Length);
        refused.ShouldAllBe(candidate => candidate.Raw.ValueKind == System.Text.Json.JsonValueKind.Undefined && candidate.Record == null && candidate.User == null);
        refused[0].Failure!.User["email"].ShouldBe("large@example.com");
        refused[0].Failure!.Errors[0].Message.ShouldContain("Metadata must not have more than 262144 characters in all");
        refused[3].Failure!.Errors[0].Message.ShouldContain($"A line has more than {JsonLines.MaxLength} bytes");
    }

    private static IEnumerable<string> Lines(int count, Func<int, string> line) => Enumerable.Range(0, count).Select(line);

    private static async Task<List<List<NumberedLine>>> CutAsync(IEnumerable<string> lines, long after = 0)
    {
        var target = new ImportTarget("users", Upsert: false, new AuditSource(ClientId: null, Address: null, UserAgent: null));
        var start = new FileImport(target, Hash: null, new FilePosition(after, 0, 0, 0));
        using var file = new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', lines)));
        return await ImportBatches.ReadAsync(file, start, TimeProvider.System, CancellationToken.None).ToListAsync();
    }
}
