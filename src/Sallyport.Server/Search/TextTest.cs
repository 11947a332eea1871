using System.Text;
using Sallyport.Protocols.UserQuery;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Search;

/// <summary>What stands behind a column of text to ask whether it is like a pattern, in the same case.</summary>
internal static class TextTest
{
    public static string Of(SearchQuery query, TermPattern pattern) =>
        pattern.IsExact ? $"= {query.Add(pattern.Pieces[0])}" : Like(query, pattern.Pieces);

    /// <param name="pieces">What stands between the stars.</param>
    public static string Like(SearchQuery query, IEnumerable<string> pieces) => query.Engine switch
    {
        Engine.PostgreSql => $"LIKE {query.Add(string.Join('%', pieces.Select(EscapeLike)))}",
        // LIKE would not tell case apart.
        Engine.Sqlite => $"GLOB {query.Add(string.Join('*', pieces.Select(EscapeGlob)))}",
    };

    private static string EscapeLike(string piece) => Escape(piece, "\\%_", c => "\\" + c);

    private static string EscapeGlob(string piece) => Escape(piece, "*?[", c => $"[{c}]");

    private static string Escape(string piece, string special, Func<char, string> escape)
    {
        var escaped = new StringBuilder(piece.Length);
        foreach (var c in piece)
        {
            escaped.Append(special.Contains(c, StringComparison.Ordinal) ? escape(c) : c.ToString());
        }

        return escaped.ToString();
    }
}
