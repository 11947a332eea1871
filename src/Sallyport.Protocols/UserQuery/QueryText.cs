using System.Text;

namespace Sallyport.Protocols.UserQuery;

/// <summary>Writes text so that the parser reads it back as it was.</summary>
internal static class QueryText
{
    private const string Special = "+-=&|><!(){}[]^\"~*?:\\/";

    public static string Quote(string text) =>
        $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    public static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (Special.Contains(c, StringComparison.Ordinal) || char.IsWhiteSpace(c))
            {
                escaped.Append('\\');
            }

            escaped.Append(c);
        }

        // An operator's name that is meant as a word.
        return escaped.ToString() is "AND" or "OR" or "NOT" or "TO" ? "\\" + escaped : escaped.ToString();
    }
}
