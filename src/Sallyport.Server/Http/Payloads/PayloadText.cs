using System.Text.Json;

namespace Sallyport.Server.Http.Payloads;

/// <summary>Refuses texts that the database cannot store: with NUL characters or unpaired surrogates.</summary>
internal static class PayloadText
{
    private const int MaxNameInMessage = 64;

    /// <summary>The error names the top-level property only: building a path for each nested value would cost too much.</summary>
    /// <exception cref="ApiException">400 that names the property.</exception>
    public static void Check(JsonElement value, string path)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                Check(Read(value, path), path);
                break;
            case JsonValueKind.Object:
                foreach (var member in value.EnumerateObject())
                {
                    Name(member);
                    Check(member.Value, path);
                }

                break;
            case JsonValueKind.Array:
                foreach (var item in value.EnumerateArray())
                {
                    Check(item, path);
                }

                break;
        }
    }

    public static string Name(JsonProperty member)
    {
        string name;
        try
        {
            name = member.Name;
        }
        catch (InvalidOperationException)
        {
            throw new ApiException(ApiError.Payload("A property name is not valid Unicode"));
        }

        Check(name, "name");
        return name;
    }

    public static string Shorten(string text) => text.Length <= MaxNameInMessage ? text : text[..MaxNameInMessage] + "…";

    private static string Read(JsonElement value, string path)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw new ApiException(ApiError.Payload("String is not valid Unicode", Shorten(path)));
        }
    }

    private static void Check(string text, string path)
    {
        if (text.Contains('\0'))
        {
            throw new ApiException(ApiError.Payload("String contains a NUL character", Shorten(path)));
        }
    }
}
