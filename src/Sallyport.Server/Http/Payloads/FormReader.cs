using System.Buffers;

namespace Sallyport.Server.Http.Payloads;

/// <summary>Forms as every published client sends them: url-encoded. Files are taken by no endpoint.</summary>
internal static class FormReader
{
    /// <summary>
    /// Not by its content type alone: curl calls every body a form unless it is told otherwise, JSON too. No name in a form of ours begins
    /// with a bracket.
    /// </summary>
    public static async ValueTask<bool> IsFormAsync(HttpRequest request)
    {
        if (!request.HasFormContentType)
        {
            return false;
        }

        var read = await request.BodyReader.ReadAsync(request.HttpContext.RequestAborted);
        var first = FirstByte(read.Buffer);
        request.BodyReader.AdvanceTo(read.Buffer.Start);
        return first is not ((byte)'{' or (byte)'[');
    }

    /// <returns>Null for a form that cannot be read, whatever is wrong with it.</returns>
    public static async ValueTask<IFormCollection?> ReadAsync(HttpRequest request)
    {
        if (request.ContentType?.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase) == true)
        {
            return null;
        }

        try
        {
            return await request.ReadFormAsync(request.HttpContext.RequestAborted);
        }
        catch (Exception exception) when (exception is InvalidDataException or NotSupportedException or ArgumentException)
        {
            return null;
        }
    }

    /// <returns>Null where there is nothing but white space.</returns>
    private static byte? FirstByte(ReadOnlySequence<byte> body)
    {
        var reader = new SequenceReader<byte>(body);
        reader.AdvancePastAny(" \t\r\n"u8);
        return reader.TryPeek(out var first) ? first : null;
    }
}
