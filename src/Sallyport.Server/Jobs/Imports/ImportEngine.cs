using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using System.Threading.Channels;
using Sallyport.Server.Audit;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Jobs.Imports;

internal enum ImportOutcome
{
    Imported,
    ConnectionNotFound,

    /// <summary>Another process imports the same records, and continues.</summary>
    Overtaken,
}

/// <summary>
/// Imports records of any number, for jobs and the command line. While one batch is written, the next is read and checked. Each batch
/// is written in the unit of work that moves the progress of the import past it, so an import that is interrupted continues
/// there and writes no record twice.
/// </summary>
internal sealed class ImportEngine(Database database, WriteImportBatch write, TimeProvider clock)
{
    public const int MaxRecords = 512;

    /// <summary>Bytes of a batch, up to the record that reaches the limit. A parsed record takes many times as much memory.</summary>
    public const int MaxSize = 2 * JsonLines.MaxLength;

    public async Task<ImportOutcome> RunAsync(
        ImportTarget target, IAsyncEnumerable<SourceRecord> records, IImportProgress progress, CancellationToken cancellationToken)
    {
        var batches = Channel.CreateBounded<List<ImportCandidate>>(2);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        // Not awaited: a terminal may not end a read. It ends with the channel, and never throws.
        _ = ReadAsync(ReadBatchesAsync(records, target, progress.Position, clock, stop.Token), batches.Writer, stop.Token);
        try
        {
            var position = progress.Position;
            await foreach (var batch in batches.Reader.ReadAllAsync(cancellationToken))
            {
                var (outcome, result) = await WriteAsync(target, progress, (position, batch), cancellationToken);
                if (outcome != ImportOutcome.Imported)
                {
                    return outcome;
                }

                position = batch[^1].Number;
                progress.OnCommitted(result!);
            }
        }
        finally
        {
            await stop.CancelAsync();
        }

        await progress.CompleteAsync(cancellationToken);
        return ImportOutcome.Imported;
    }

    /// <returns>Checked records after <paramref name="position"/>, in batches that are not empty.</returns>
    public static async IAsyncEnumerable<List<ImportCandidate>> ReadBatchesAsync(
        IAsyncEnumerable<SourceRecord> records,
        ImportTarget target,
        long position,
        TimeProvider clock,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (batch, size) = (new List<ImportCandidate>(MaxRecords), 0);
        await foreach (var record in records.WithCancellation(cancellationToken))
        {
            if (record.Number <= position)
            {
                continue;
            }

            batch.Add(ImportCandidate.Of(record, target.Connection, clock));
            size += record.Json?.Length ?? 0;
            if (batch.Count == MaxRecords || size >= MaxSize)
            {
                yield return batch;
                (batch, size) = (new List<ImportCandidate>(MaxRecords), 0);
            }
        }

        if (batch.Count > 0)
        {
            yield return batch;
        }
    }

    private ValueTask<(ImportOutcome Outcome, ImportResult? Result)> WriteAsync(
        ImportTarget target, IImportProgress progress, (long From, List<ImportCandidate> Records) batch, CancellationToken cancellationToken) =>
        database.WriteAsync<(ImportOutcome, ImportResult?)>(
            async unit =>
            {
                if (progress.Advance((batch.From, batch.Records[^1].Number)) is { } advance
                    && !await unit.TryApplyAsync([advance], cancellationToken))
                {
                    return (ImportOutcome.Overtaken, null);
                }

                var result = await write.RunAsync(unit, target, batch.Records, cancellationToken);
                if (result is null)
                {
                    unit.Abandon();
                    return (ImportOutcome.ConnectionNotFound, null);
                }

                progress.Add(unit, result);
                return (ImportOutcome.Imported, result);
            },
            cancellationToken);

    private static async Task ReadAsync(
        IAsyncEnumerable<List<ImportCandidate>> source, ChannelWriter<List<ImportCandidate>> batches, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var batch in source)
            {
                await batches.WriteAsync(batch, cancellationToken);
            }

            batches.Complete();
        }
#pragma warning disable CA1031 // The reader of the channel throws it.
        catch (Exception exception)
        {
            batches.Complete(exception);
        }
#pragma warning restore CA1031
    }
}

/// <summary>How far an import has come, stored in the database.</summary>
internal interface IImportProgress
{
    /// <summary>The number of the last record that is finished when the import starts or continues.</summary>
    long Position { get; }

    /// <returns>A statement that changes one row if the import stands at <c>From</c>, and none otherwise; null if progress is not stored.</returns>
    Statement? Advance((long From, long To) position);

    /// <summary>Adds the counts and failures of a batch, in the unit of work that writes it.</summary>
    void Add(UnitOfWork unit, ImportResult result);

    /// <summary>Called after a batch is committed.</summary>
    void OnCommitted(ImportResult result);

    /// <summary>Called after the last batch.</summary>
    ValueTask CompleteAsync(CancellationToken cancellationToken);
}

/// <param name="Call">On whose behalf.</param>
/// <param name="Connection">The name of the connection that gets the users.</param>
/// <param name="JobId">Null for an import from the command line.</param>
internal sealed record ImportTarget(CallContext Call, string Connection, bool Upsert, string? JobId);

internal sealed record ImportResult(ImportCounts Counts, IReadOnlyList<NumberedFailure> Failures);

/// <param name="Number">The number of the record.</param>
internal readonly record struct NumberedFailure(long Number, ImportFailure Failure);

internal sealed record ImportCounts(
    [property: JsonPropertyName("inserted")] int Inserted,
    [property: JsonPropertyName("updated")] int Updated,
    [property: JsonPropertyName("failed")] int Failed)
{
    [JsonPropertyName("job_id")]
    public string? JobId { get; init; }
}
