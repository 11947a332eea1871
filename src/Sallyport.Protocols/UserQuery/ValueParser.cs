namespace Sallyport.Protocols.UserQuery;

/// <summary>Parses terms, ranges and <c>_exists_</c>, the leaves of the tree, and counts them.</summary>
internal sealed class ValueParser(QueryScanner scanner, QueryLimits limits)
{
    private const string Exists = "_exists_";

    /// <summary>Characters that a term needs if it has a star anywhere but at its end: with fewer it would match nearly every user.</summary>
    private const int MinLiterals = 3;

    private int _clauses;

    public static QueryField ToField(List<string> pieces, int start) =>
        pieces is not [var name] ? throw new QueryFault("A field name has no wildcards", start)
        : name.Length == 0 ? throw new QueryFault("The colon has no field before it", start)
        : new QueryField(name, start + 1);

    public QueryNode ParsePhrase(QueryField? field)
    {
        var start = scanner.Offset;
        return ToNode(field, [scanner.TakePhrase()], start);
    }

    public QueryNode ParseWord(QueryField field)
    {
        var start = scanner.Offset;
        var pieces = scanner.Current is '(' or ')' or ':' ? [""] : scanner.TakeWord();
        return pieces is [""]
            ? throw new QueryFault("The field has no value", start)
            : scanner.Current == ':'
            ? throw new QueryFault("The character : must be escaped with a backslash or stand in quotes", scanner.Offset)
            : ToNode(field, pieces, start);
    }

    public QueryNode ToNode(QueryField? field, List<string> pieces, int start)
    {
        Count(start);
        if (field is { Name: Exists })
        {
            return new ExistsNode(ToField(pieces, start));
        }

        var pattern = new TermPattern(pieces);
        RequireLiterals(pattern, start);
        return field is null && pattern.IsAny ? new AllNode() : new TermNode(field, pattern, start + 1);
    }

    public RangeNode ParseRange(QueryField field)
    {
        var start = scanner.Offset;
        Count(start);
        var includesLower = scanner.TryTake('[') || !scanner.TryTake('{');
        var lower = ParseBound(includesLower);
        scanner.SkipWhiteSpace();
        if (!scanner.TryTakeOperator("TO"))
        {
            throw new QueryFault("A range is written [min TO max]", start);
        }

        var upper = ParseBound(isInclusive: true);
        scanner.SkipWhiteSpace();
        return scanner.TryTake(']') ? new RangeNode(field, lower, upper)
            : scanner.TryTake('}') ? new RangeNode(field, lower, upper is null ? null : upper with { IsInclusive = false })
            : throw new QueryFault("The range has no closing bracket", start);
    }

    /// <returns>Null for a star, which is an open end.</returns>
    private RangeBound? ParseBound(bool isInclusive)
    {
        scanner.SkipWhiteSpace();
        var start = scanner.Offset;
        if (scanner.TryTake('*'))
        {
            return null;
        }

        var isPhrase = scanner.Current == '"';
        var text = isPhrase ? scanner.TakePhrase() : scanner.TakeBound();
        return text.Length > 0 || isPhrase
            ? new RangeBound(text, isInclusive, start + 1)
            : throw new QueryFault("A bound of the range is missing", start);
    }

    private void Count(int start)
    {
        if (++_clauses > limits.MaxClauses)
        {
            throw new QueryFault($"The query has more than {limits.MaxClauses} clauses", start);
        }
    }

    private void RequireLiterals(TermPattern pattern, int start)
    {
        if (pattern.Pieces.Count - 1 > limits.MaxWildcards)
        {
            throw new QueryFault($"A term has at most {limits.MaxWildcards} wildcards", start);
        }

        if (!pattern.IsExact && pattern.Pieces.Sum(piece => piece.Length) > limits.MaxPatternLength)
        {
            throw new QueryFault($"A term with wildcards has at most {limits.MaxPatternLength} other characters", start);
        }

        if (!pattern.IsExact && !pattern.IsPrefix
            && pattern.Pieces.Sum(piece => piece.EnumerateRunes().Count()) < MinLiterals)
        {
            throw new QueryFault($"With a wildcard that is not at the end, a term needs {MinLiterals} other characters or more", start);
        }
    }
}
