using System.Globalization;
using System.Text;

namespace Sallyport.Protocols.SocketIo;

/// <summary>
/// All that is sent is ASCII: clients of 1.x decode UTF-8 twice when polling and drop the connection over a character that was
/// encoded once, and Engine.IO 3 counts lengths in UTF-16 units that then equal bytes.
/// </summary>
internal static class AsciiJson
{
    /// <summary>Outside its strings JSON is ASCII anyway, so every other character can be written as an escape.</summary>
    public static string Escape(string json)
    {
        if (Ascii.IsValid(json))
        {
            return json;
        }

        var ascii = new StringBuilder(json.Length * 2);
        foreach (var unit in json)
        {
            if (char.IsAscii(unit))
            {
                ascii.Append(unit);
            }
            else
            {
                ascii.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}");
            }
        }

        return ascii.ToString();
    }
}
