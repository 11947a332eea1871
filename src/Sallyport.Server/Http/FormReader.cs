namespace Sallyport.Server.Http;

/// <summary>Forms as every published client sends them: url-encoded. Files are taken by no endpoint.</summary>
internal static class FormReader
{
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
}
