using System.Globalization;
using System.Text.Json;

namespace Sallyport.Protocols.SocketIo;

/// <summary>
/// Parses JSON and rejects unpaired surrogates. The platform's parser accepts them and throws later, where the string is read.
/// </summary>
internal static class WellFormedJson
{
    private const int EscapeLength = 6;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 32 };

    public static JsonElement? Parse(ReadOnlySpan<char> json)
    {
        try
        {
            var element = JsonElement.Parse(json, Options);
            return EscapesArePaired(json) ? element : null;
        }
        catch (JsonException)
        {
            return null;
        }
        catch (ArgumentException)
        {
            // An unescaped unpaired surrogate.
            return null;
        }
    }

    /// <summary>Requires parsed JSON: each backslash begins a complete escape.</summary>
    private static bool EscapesArePaired(ReadOnlySpan<char> json)
    {
        for (var at = json.IndexOf('\\'); at >= 0; at = json.IndexOf('\\'))
        {
            json = json[at..];
            if (json[1] != 'u')
            {
                json = json[2..];
                continue;
            }

            var first = CodeUnit(json);
            json = json[EscapeLength..];
            if (char.IsSurrogate(first) && !TakeSecondHalf(first, ref json))
            {
                return false;
            }
        }

        return true;
    }

    private static bool TakeSecondHalf(char first, ref ReadOnlySpan<char> json)
    {
        if (!json.StartsWith("\\u", StringComparison.Ordinal) || !char.IsSurrogatePair(first, CodeUnit(json)))
        {
            return false;
        }

        json = json[EscapeLength..];
        return true;
    }

    private static char CodeUnit(ReadOnlySpan<char> escape) =>
        (char)ushort.Parse(escape[2..EscapeLength], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
