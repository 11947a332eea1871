using System.Threading.Channels;
using Sallyport.Server.Audit;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Jobs;

/// <summary>Imports lines of JSON, of any number: while one batch is written, the next is read and checked.</summary>
internal sealed class ImportStream(Database database, ImportBatch import, TimeProvider clock)
{
    private const int BatchSize = 1024;

    private static readonly AuditSource CommandLine = new(ClientId: null, Address: null, UserAgent: "import from the command line");

    /// <param name="written">Hears of every batch that is in the database.</param>
    /// <returns>False where the connection does not exist.</returns>
    public async Task<bool> RunAsync(
        Stream lines, (string Connection, bool Upsert) into, Action<WrittenLines> written, CancellationToken cancellationToken)
    {
        var target = new ImportTarget(into.Connection, into.Upsert, CommandLine);
        var batches = Channel.CreateBounded<List<NumberedLine>>(2);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var reading = ReadAsync(lines, target.Connection, batches.Writer, stop.Token);
        try
        {
            await foreach (var batch in batches.Reader.ReadAllAsync(cancellationToken))
            {
                if (await WriteAsync(target, batch, cancellationToken) is not { } result)
                {
                    return false;
                }

                written(new WrittenLines(
                    result.Counts, [.. result.Failures.Select(refused => (batch[refused.Index].Number, refused.Failure))]));
            }
        }
        finally
        {
            await stop.CancelAsync();
        }

        await reading;
        return true;
    }

    private ValueTask<ImportResult?> WriteAsync(ImportTarget target, List<NumberedLine> batch, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async unit =>
            {
                var result = await import.WriteAsync(unit, target, batch.ConvertAll(line => line.Candidate), cancellationToken);
                if (result is null)
                {
                    unit.Abandon();
                }

                return result;
            },
            cancellationToken);

    private async Task ReadAsync(
        Stream lines, string connection, ChannelWriter<List<NumberedLine>> batches, CancellationToken cancellationToken)
    {
        try
        {
            var batch = new List<NumberedLine>(BatchSize);
            await foreach (var (number, line) in JsonLines.ReadAsync(lines, cancellationToken))
            {
                batch.Add(new NumberedLine(number, line is null ? ImportCandidate.TooLong : ImportCandidate.Of(line, connection, clock)));
                if (batch.Count == BatchSize)
                {
                    await batches.WriteAsync(batch, cancellationToken);
                    batch = new List<NumberedLine>(BatchSize);
                }
            }

            if (batch.Count > 0)
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

internal readonly record struct NumberedLine(long Number, ImportCandidate Candidate);

internal sealed record WrittenLines(ImportCounts Counts, IReadOnlyList<(long Line, ImportFailure Failure)> Failures);
