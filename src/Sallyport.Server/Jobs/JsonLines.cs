using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace Sallyport.Server.Jobs;

/// <summary>Reads a file of any size line by line. A line that is too long is passed over without being held.</summary>
internal static class JsonLines
{
    public const int MaxLength = 1024 * 1024;

    /// <returns>The lines that are not empty with their numbers, from 1; null for one that is too long.</returns>
    public static async IAsyncEnumerable<(long Number, byte[]? Line)> ReadAsync(
        Stream stream, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reader = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 128 * 1024));
        var (number, isPassing) = (1L, false);
        while (true)
        {
            var result = await reader.ReadAsync(cancellationToken);
            var rest = result.Buffer;
            while (rest.PositionOf((byte)'\n') is { } end)
            {
                if (Line(rest.Slice(0, end), isPassing) is var line && line is null or { Length: > 0 })
                {
                    yield return (number, line);
                }

                (number, isPassing, rest) = (number + 1, false, rest.Slice(rest.GetPosition(1, end)));
            }

            if (result.IsCompleted)
            {
                if (Line(rest, isPassing) is var last && last is null or { Length: > 0 })
                {
                    yield return (number, last);
                }

                await reader.CompleteAsync();
                yield break;
            }

            isPassing |= rest.Length > MaxLength;
            reader.AdvanceTo(isPassing ? rest.End : rest.Start, rest.End);
        }
    }

    private static byte[]? Line(ReadOnlySequence<byte> bytes, bool isPassing) =>
        isPassing || bytes.Length > MaxLength ? null : bytes.ToArray().AsSpan().Trim(" \t\r\uFEFF"u8).ToArray();
}
