using System.Threading.Channels;
using Sallyport.Server.Audit;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Jobs;

internal enum ImportStreamOutcome
{
    Imported,
    ConnectionNotFound,

    /// <summary>Somebody else imports the same file at this moment, and goes on with it.</summary>
    Overtaken,
}

/// <summary>
/// Imports lines of JSON, of any number: while one batch is written, the next is read and checked. Each batch is written in the
/// unit of work that moves the import over it, so that a run which is killed leaves nothing half done and the next does nothing twice.
/// </summary>
internal sealed class ImportStream(Database database, ImportBatch import, TimeProvider clock)
{
    private static readonly TenantId Tenant = TenantId.Default;

    private static readonly AuditSource CommandLine = new(ClientId: null, Address: null, UserAgent: "import from the command line");

    /// <summary>Finds out whether a run before this one was interrupted in the middle of the same file.</summary>
    public async Task<FileImport> StartAsync(Stream lines, (string Connection, bool Upsert) into, CancellationToken cancellationToken)
    {
        var target = new ImportTarget(into.Connection, into.Upsert, CommandLine);
        if (!lines.CanSeek)
        {
            return new FileImport(target, Hash: null, default);
        }

        var hash = await FileImport.HashAsync(lines, target, cancellationToken);
        return new FileImport(target, hash, await database.WriteAsync(
            unit => FileImportStore.FindOrInsertAsync(unit, Tenant, hash, clock.GetUtcNow(), cancellationToken), cancellationToken));
    }

    /// <param name="written">Hears of every batch that is in the database.</param>
    public async Task<ImportStreamOutcome> RunAsync(
        Stream lines, FileImport start, Action<WrittenLines> written, CancellationToken cancellationToken)
    {
        var batches = Channel.CreateBounded<List<NumberedLine>>(2);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var reading = ReadAsync(lines, start, batches.Writer, stop.Token);
        var line = start.Position.Lines;
        try
        {
            await foreach (var batch in batches.Reader.ReadAllAsync(cancellationToken))
            {
                var (outcome, result) = await WriteAsync(start, line, batch, cancellationToken);
                if (outcome != ImportStreamOutcome.Imported)
                {
                    return outcome;
                }

                line = batch[^1].Number;
                written(new WrittenLines(result!.Counts, [.. result.Failures.Select(refused => (batch[refused.Index].Number, refused.Failure))]));
            }
        }
        finally
        {
            await stop.CancelAsync();
        }

        await reading;
        await ForgetAsync(start, cancellationToken);
        return ImportStreamOutcome.Imported;
    }

    private ValueTask<(ImportStreamOutcome Outcome, ImportResult? Result)> WriteAsync(
        FileImport file, long line, List<NumberedLine> batch, CancellationToken cancellationToken) =>
        database.WriteAsync<(ImportStreamOutcome, ImportResult?)>(
            async unit =>
            {
                if (file.Hash is { } hash
                    && !await unit.TryApplyAsync([FileImportStore.Move(Tenant, hash, (line, batch[^1].Number), clock.GetUtcNow())], cancellationToken))
                {
                    return (ImportStreamOutcome.Overtaken, null);
                }

                var result = await import.WriteAsync(unit, file.Target, batch.ConvertAll(numbered => numbered.Candidate), cancellationToken);
                if (result is null)
                {
                    unit.Abandon();
                    return (ImportStreamOutcome.ConnectionNotFound, null);
                }

                if (file.Hash is not null)
                {
                    unit.Enqueue(FileImportStore.Count(Tenant, file.Hash, result.Counts));
                }

                return (ImportStreamOutcome.Imported, result);
            },
            cancellationToken);

    /// <summary>Whoever imports a file again that is in means it.</summary>
    private async Task ForgetAsync(FileImport done, CancellationToken cancellationToken)
    {
        if (done.Hash is { } hash)
        {
            await database.WriteAsync(
                unit =>
                {
                    unit.Enqueue(FileImportStore.Delete(Tenant, hash));
                    return ValueTask.CompletedTask;
                },
                cancellationToken);
        }
    }

    private async Task ReadAsync(Stream lines, FileImport start, ChannelWriter<List<NumberedLine>> batches, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var batch in ImportBatches.ReadAsync(lines, start, clock, cancellationToken))
            {
                await batches.WriteAsync(batch, cancellationToken);
            }

            batches.Complete();
        }
#pragma warning disable CA1031 // Whoever writes the batches throws it.
        catch (Exception exception)
        {
            batches.Complete(exception);
        }
#pragma warning restore CA1031
    }
}

internal sealed record WrittenLines(ImportCounts Counts, IReadOnlyList<(long Line, ImportFailure Failure)> Failures);
