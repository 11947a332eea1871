using System.Diagnostics.CodeAnalysis;

namespace Sallyport.Protocols.UserQuery;

/// <summary>
/// Parses the search language of <c>GET /users</c> (version 3) and <c>GET /logs</c>. Precedence: NOT, AND, adjacent clauses, OR.
/// </summary>
public sealed class QueryParser
{
    private readonly QueryScanner _scanner;
    private readonly ValueParser _values;
    private readonly QueryLimits _limits;
    private int _depth;

    private QueryParser(string text, QueryLimits limits)
    {
        _scanner = new QueryScanner(text);
        _values = new ValueParser(_scanner, limits);
        _limits = limits;
    }

    /// <summary>Parses a query.</summary>
    /// <param name="text">The query.</param>
    /// <param name="limits">What the query may cost.</param>
    /// <param name="node">The tree; null if the text is blank.</param>
    /// <param name="error">The first error, if the result is false.</param>
    public static bool TryParse(string text, QueryLimits limits, out QueryNode? node, [NotNullWhen(false)] out QueryError? error)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(limits);
        (node, error) = (null, null);
        try
        {
            if (text.Length > limits.MaxLength)
            {
                throw new QueryFault($"The query is longer than {limits.MaxLength} characters", limits.MaxLength);
            }

            node = new QueryParser(text, limits).ParseWhole();
            return true;
        }
        catch (QueryFault fault)
        {
            error = new QueryError(fault.Message, fault.Offset + 1);
            return false;
        }
    }

    private QueryNode? ParseWhole()
    {
        _scanner.SkipWhiteSpace();
        if (_scanner.IsAtEnd)
        {
            return null;
        }

        var node = ParseOr(field: null);
        return _scanner.IsAtEnd ? node : throw new QueryFault("The closing parenthesis has no opening one", _scanner.Offset);
    }

    /// <param name="field">The field of terms without one: inside <c>field:( … )</c> that field, elsewhere null.</param>
    private QueryNode ParseOr(QueryField? field)
    {
        var nodes = new List<QueryNode> { ParseSequence(field) };
        while (_scanner.TryTakeOperator("OR"))
        {
            nodes.Add(ParseSequence(field));
        }

        return nodes.Count == 1 ? nodes[0] : new OrNode(nodes);
    }

    /// <summary>
    /// Parses adjacent clauses: one of them must match, and none of the excluded ones. <c>a b -c</c> is <c>(a OR b) AND NOT c</c>, as in
    /// Lucene.
    /// </summary>
    private QueryNode ParseSequence(QueryField? field)
    {
        List<QueryNode> wanted = [], excluded = [];
        do
        {
            var node = ParseAnd(field, out var isExcluded);
            (isExcluded ? excluded : wanted).Add(node);
        }
        while (!_scanner.IsAtEnd && _scanner.Current != ')' && !_scanner.IsOperator("OR"));

        if (wanted.Count > 0)
        {
            excluded.Insert(0, wanted.Count == 1 ? wanted[0] : new OrNode(wanted));
        }

        return excluded.Count == 1 ? excluded[0] : new AndNode(excluded);
    }

    private QueryNode ParseAnd(QueryField? field, out bool isExcluded)
    {
        var nodes = new List<QueryNode> { ParseNot(field, out isExcluded) };
        while (_scanner.TryTakeOperator("AND"))
        {
            nodes.Add(ParseNot(field, out _));
            isExcluded = false;
        }

        return nodes.Count == 1 ? nodes[0] : new AndNode(nodes);
    }

    private QueryNode ParseNot(QueryField? field, out bool isNegated)
    {
        isNegated = false;
        _scanner.SkipWhiteSpace();
        while (_scanner.TryTake('-') || _scanner.TryTakeOperator("NOT"))
        {
            isNegated = !isNegated;
            _scanner.SkipWhiteSpace();
        }

        var node = ParseClause(field);
        _scanner.SkipWhiteSpace();
        return isNegated ? new NotNode(node) : node;
    }

    private QueryNode ParseClause(QueryField? field)
    {
        if (_scanner.Current == '(')
        {
            return ParseGroup(field);
        }

        if (_scanner.Current == '"')
        {
            return _values.ParsePhrase(field);
        }

        if (field is not null && _scanner.Current is '[' or '{')
        {
            return _values.ParseRange(field);
        }

        RefuseOperators();
        var start = _scanner.Offset;
        var pieces = _scanner.TakeWord();
        return _scanner.TryTake(':') ? ParseValue(ValueParser.ToField(pieces, start)) : _values.ToNode(field, pieces, start);
    }

    private QueryNode ParseValue(QueryField field)
    {
        _scanner.SkipWhiteSpace();
        return _scanner.Current switch
        {
            '(' => ParseGroup(field),
            '"' => _values.ParsePhrase(field),
            '[' or '{' => _values.ParseRange(field),
            _ => _values.ParseWord(field),
        };
    }

    private QueryNode ParseGroup(QueryField? field)
    {
        var start = _scanner.Offset;
        _scanner.TryTake('(');
        if (++_depth > _limits.MaxDepth)
        {
            throw new QueryFault($"Parentheses are nested deeper than {_limits.MaxDepth}", start);
        }

        var node = ParseOr(field);
        _depth--;
        return _scanner.TryTake(')') ? node : throw new QueryFault("The parenthesis has no closing one", start);
    }

    /// <summary>Refuses what cannot begin a clause, with a message that says what to write instead.</summary>
    private void RefuseOperators()
    {
        foreach (var name in (ReadOnlySpan<string>)["AND", "OR", "NOT"])
        {
            if (_scanner.IsOperator(name))
            {
                throw new QueryFault($"The operator {name} has no operand; to search for the word, put it in quotes", _scanner.Offset);
            }
        }

        var instead = _scanner.Current switch
        {
            '+' => "The operator + is not supported; use AND",
            '!' => "The operator ! is not supported; use NOT",
            '&' when _scanner.StartsWith("&&") => "The operator && is not supported; use AND",
            '|' when _scanner.StartsWith("||") => "The operator || is not supported; use OR",
            '[' or '{' => "A range needs a field",
            ']' or '}' => "The closing bracket has no opening one",
            ':' => "The colon has no field before it",
            ')' => "The parentheses are empty, or the operator before them has no operand",
            '\0' when _scanner.IsAtEnd => "Something is missing at the end",
            _ => null,
        };
        if (instead is not null)
        {
            throw new QueryFault(instead, _scanner.Offset);
        }
    }
}
