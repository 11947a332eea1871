using System.Runtime.CompilerServices;

namespace Sallyport.Server.Jobs;

/// <summary>
/// The records of a file in batches with a bound in number and in size: how much is held at once does not depend on what is in the file.
/// </summary>
internal static class ImportBatches
{
    public const int MaxRecords = 1024;

    /// <summary>Of the lines, in bytes, up to the one that reaches it. Read, a line takes many times as much.</summary>
    public const int MaxSize = 2 * JsonLines.MaxLength;

    /// <returns>Checked records; none of those that are written already, and no batch that is empty.</returns>
    public static async IAsyncEnumerable<List<NumberedLine>> ReadAsync(
        Stream lines, FileImport start, TimeProvider clock, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (batch, size) = (new List<NumberedLine>(MaxRecords), 0);
        await foreach (var (number, line) in JsonLines.ReadAsync(lines, cancellationToken))
        {
            if (number <= start.Position.Lines)
            {
                continue;
            }

            var candidate = line is null ? ImportCandidate.TooLong : ImportCandidate.Of(line, start.Target.Connection, clock);
            batch.Add(new NumberedLine(number, candidate));
            size += line?.Length ?? 0;
            if (batch.Count == MaxRecords || size >= MaxSize)
            {
                yield return batch;
                (batch, size) = (new List<NumberedLine>(MaxRecords), 0);
            }
        }

        if (batch.Count > 0)
        {
            yield return batch;
        }
    }
}

internal readonly record struct NumberedLine(long Number, ImportCandidate Candidate);
