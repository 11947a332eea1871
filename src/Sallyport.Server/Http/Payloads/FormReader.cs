using System.Buffers;

namespace Sallyport.Server.Http.Payloads;

/// <summary>Reads url-encoded forms. Files are read elsewhere, by the import of users.</summary>
internal static class FormReader
{
    /// <summary>
    /// Does not rely on the content type alone: curl labels every body a form by default, even JSON. No form field begins with a
    /// bracket.
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

    /// <returns>Null for a malformed form.</returns>
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

    /// <returns>The first byte that is not white space, or null.</returns>
    private static byte? FirstByte(ReadOnlySequence<byte> body)
    {
        var reader = new SequenceReader<byte>(body);
        reader.AdvancePastAny(" \t\r\n"u8);
        return reader.TryPeek(out var first) ? first : null;
    }
}
