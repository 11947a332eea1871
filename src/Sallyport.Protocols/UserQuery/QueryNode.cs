using System.Text;

namespace Sallyport.Protocols.UserQuery;

/// <summary>A node of a parsed query. <see cref="object.ToString"/> writes it as a query that parses to the same tree.</summary>
public abstract record QueryNode;

/// <summary>A single star: matches everything.</summary>
public sealed record AllNode : QueryNode
{
    public override string ToString() => "*";
}

/// <summary>A word or a phrase.</summary>
/// <param name="Field">Null for a term without a field, which is searched for in the default fields.</param>
/// <param name="Pattern">The value, with its stars.</param>
/// <param name="Position">The position in the query, in UTF-16 code units, counted from one.</param>
public sealed record TermNode(QueryField? Field, TermPattern Pattern, int Position) : QueryNode
{
    public override string ToString() => Field is null ? Pattern.ToString() : $"{Field}:{Pattern}";
}

/// <summary>The field has a value between the bounds. A bound that is null is an open end.</summary>
public sealed record RangeNode(QueryField Field, RangeBound? Lower, RangeBound? Upper) : QueryNode
{
    public override string ToString() =>
        $"{Field}:{(Lower is { IsInclusive: false } ? '{' : '[')}{Write(Lower)} TO {Write(Upper)}{(Upper is { IsInclusive: false } ? '}' : ']')}";

    private static string Write(RangeBound? bound) => bound is null ? "*" : QueryText.Quote(bound.Text);
}

/// <summary>The field has a value.</summary>
public sealed record ExistsNode(QueryField Field) : QueryNode
{
    public override string ToString() => $"_exists_:{Field}";
}

/// <summary>The node does not match.</summary>
public sealed record NotNode(QueryNode Node) : QueryNode
{
    public override string ToString() => $"(NOT {Node})";
}

/// <summary>All nodes match.</summary>
public sealed record AndNode(IReadOnlyList<QueryNode> Nodes) : QueryNode
{
    public override string ToString() => $"({string.Join(" AND ", Nodes)})";
}

/// <summary>One of the nodes matches, or several.</summary>
public sealed record OrNode(IReadOnlyList<QueryNode> Nodes) : QueryNode
{
    public override string ToString() => $"({string.Join(" OR ", Nodes)})";
}

/// <param name="Name">The name as the query has it, without escapes.</param>
/// <param name="Position">The position in the query, in UTF-16 code units, counted from one.</param>
public sealed record QueryField(string Name, int Position)
{
    public override string ToString() => QueryText.Escape(Name);
}

/// <param name="Text">The value, without quotes and escapes.</param>
/// <param name="IsInclusive">Whether the range includes the value itself.</param>
/// <param name="Position">The position in the query, in UTF-16 code units, counted from one.</param>
public sealed record RangeBound(string Text, bool IsInclusive, int Position);

/// <summary>Writes text so that the parser reads the same text.</summary>
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

        // The name of an operator, meant as a word.
        return escaped.ToString() is "AND" or "OR" or "NOT" or "TO" ? "\\" + escaped : escaped.ToString();
    }
}
