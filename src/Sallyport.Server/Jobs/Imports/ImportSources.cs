using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Sallyport.Server.Http;

namespace Sallyport.Server.Jobs.Imports;

/// <summary>A record of an import that was not parsed yet.</summary>
/// <param name="Number">The number of the item or line, from 1.</param>
/// <param name="Json">Null for a line that is too long.</param>
internal readonly record struct SourceRecord(long Number, ReadOnlyMemory<byte>? Json)
{
    /// <summary>Not by conversion: it turns a null array into an empty memory.</summary>
    public static SourceRecord Of(long number, byte[]? json) => new(number, json is null ? default(ReadOnlyMemory<byte>?) : json);
}

/// <summary>The records of a JSON array. They are split without being parsed.</summary>
/// <param name="HasFactors">Whether a record has a member <c>mfa_factors</c>.</param>
internal sealed record JsonArrayRecords(IReadOnlyList<ReadOnlyMemory<byte>> Items, bool HasFactors)
{
    public static readonly JsonArrayRecords Empty = new([], HasFactors: false);

    private static readonly JsonReaderOptions Options = new() { MaxDepth = 64 };

    /// <exception cref="ApiException">400: it is not an array of JSON values, or it is empty.</exception>
    public static JsonArrayRecords Read(ReadOnlyMemory<byte> file)
    {
        // Some editors begin a file with a byte order mark.
        var json = file.Span.StartsWith("\uFEFF"u8) ? file[3..] : file;
        try
        {
            var reader = new Utf8JsonReader(json.Span, Options);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray)
            {
                throw new ApiException(ApiError.Payload("Expected a file with a JSON array", "users"));
            }

            return Read(json, ref reader);
        }
        catch (JsonException exception)
        {
            throw new ApiException(ApiError.Payload(
                $"Malformed JSON at line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}", "users"));
        }
    }

    public IAsyncEnumerable<SourceRecord> ToRecords() =>
        Items.Select((item, index) => new SourceRecord(index + 1, item)).ToAsyncEnumerable();

    private static JsonArrayRecords Read(ReadOnlyMemory<byte> json, ref Utf8JsonReader reader)
    {
        var (items, hasFactors) = (new List<ReadOnlyMemory<byte>>(), false);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var start = (int)reader.TokenStartIndex;
            hasFactors |= SkipRecord(ref reader);
            items.Add(json[start..(int)reader.BytesConsumed]);
        }

        // To the end of the file: only white space may follow.
        while (reader.Read())
        {
        }

        return items.Count > 0
            ? new JsonArrayRecords(items, hasFactors)
            : throw new ApiException(ApiError.Payload("Expected an array that is not empty", "users"));
    }

    /// <returns>Whether the record has factors.</returns>
    private static bool SkipRecord(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return false;
        }

        var hasFactors = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            hasFactors |= IsFactors(ref reader);
            reader.Skip();
        }

        return hasFactors;
    }

    private static bool IsFactors(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.ValueTextEquals(ImportRecord.FactorsName);
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair. The record will be refused.
            return false;
        }
    }
}

/// <summary>Reads a file of any size line by line. A line that is too long is skipped without being held.</summary>
internal static class JsonLines
{
    public const int MaxLength = 1024 * 1024;

    /// <returns>All lines that are not empty.</returns>
    public static async IAsyncEnumerable<SourceRecord> ReadAsync(
        Stream stream, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reader = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 128 * 1024));
        var (number, isSkipping) = (1L, false);
        while (true)
        {
            var result = await reader.ReadAsync(cancellationToken);
            var rest = result.Buffer;
            while (rest.PositionOf((byte)'\n') is { } end)
            {
                if (Line(rest.Slice(0, end), isSkipping) is var line && line is null or { Length: > 0 })
                {
                    yield return SourceRecord.Of(number, line);
                }

                (number, isSkipping, rest) = (number + 1, false, rest.Slice(rest.GetPosition(1, end)));
            }

            if (result.IsCompleted)
            {
                if (Line(rest, isSkipping) is var last && last is null or { Length: > 0 })
                {
                    yield return SourceRecord.Of(number, last);
                }

                await reader.CompleteAsync();
                yield break;
            }

            isSkipping |= rest.Length > MaxLength;
            reader.AdvanceTo(isSkipping ? rest.End : rest.Start, rest.End);
        }
    }

    private static byte[]? Line(ReadOnlySequence<byte> bytes, bool isSkipping) =>
        isSkipping || bytes.Length > MaxLength ? null : bytes.ToArray().AsSpan().Trim(" \t\r\uFEFF"u8).ToArray();
}
