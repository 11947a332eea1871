using System.Globalization;

namespace Sallyport.Server.Http;

/// <summary>Reads query parameters; faults have the messages of the published API.</summary>
internal static class QueryValues
{
    /// <returns>Null if the parameter is missing or empty.</returns>
    /// <exception cref="ApiException">400 that names the parameter.</exception>
    public static string? Text(IQueryCollection query, string name)
    {
        var text = query[name].ToString();
        return text.Contains('\0')
            ? throw new ApiException(ApiError.Query("String contains a NUL character", name))
            : text.Length == 0 ? null : text;
    }

    /// <exception cref="ApiException">400 that names the parameter.</exception>
    public static bool Bool(IQueryCollection query, string name, bool fallback) => query[name].ToString() switch
    {
        "" => fallback,
        "true" => true,
        "false" => false,
        _ => throw new ApiException(ApiError.Query("Expected type boolean but found type string", name)),
    };

    /// <exception cref="ApiException">400 that names the parameter.</exception>
    public static int Int(IQueryCollection query, string name, int fallback, int max)
    {
        var text = query[name].ToString();
        if (text.Length == 0)
        {
            return fallback;
        }

        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            throw new ApiException(ApiError.Query("Expected type integer but found type string", name));
        }

        return number <= max ? number : throw new ApiException(ApiError.Query($"Value must not be more than {max}", name));
    }
}
