using System.Text.Json;
using Sallyport.Server.Http;

namespace Sallyport.Server.Jobs;

/// <summary>The file of an import: a JSON array. It is cut into its records without reading what is in them.</summary>
internal static class ImportFile
{
    public const int MaxSize = 500 * 1024;

    private static readonly JsonReaderOptions Options = new() { MaxDepth = 64 };

    /// <exception cref="ApiException">400: it is no array of JSON values, or there is none in it.</exception>
    public static IReadOnlyList<ReadOnlyMemory<byte>> Cut(ReadOnlyMemory<byte> file)
    {
        try
        {
            var reader = new Utf8JsonReader(WithoutMark(ref file).Span, Options);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray)
            {
                throw new ApiException(ApiError.Payload("Expected a file with a JSON array", "users"));
            }

            return Cut(file, ref reader);
        }
        catch (JsonException exception)
        {
            throw new ApiException(ApiError.Payload(
                $"Malformed JSON at line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}", "users"));
        }
    }

    private static List<ReadOnlyMemory<byte>> Cut(ReadOnlyMemory<byte> file, ref Utf8JsonReader reader)
    {
        var records = new List<ReadOnlyMemory<byte>>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            records.Add(file[start..(int)reader.BytesConsumed]);
        }

        // To the end: nothing but white space may follow.
        while (reader.Read())
        {
        }

        return records.Count > 0 ? records : throw new ApiException(ApiError.Payload("Expected an array that is not empty", "users"));
    }

    /// <summary>Some editors begin a file with a byte order mark.</summary>
    private static ReadOnlyMemory<byte> WithoutMark(ref ReadOnlyMemory<byte> file) =>
        file = file.Span.StartsWith("\uFEFF"u8) ? file[3..] : file;
}
