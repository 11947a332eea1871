using System.Text;

namespace Sallyport.Protocols.UserQuery;

/// <summary>Reads words, phrases and operators from left to right, each character once.</summary>
internal sealed class QueryScanner(string text)
{
    /// <summary>Position of the next character, counted from zero.</summary>
    public int Offset { get; private set; }

    public bool IsAtEnd => Offset == text.Length;

    /// <summary>The next character; NUL at the end.</summary>
    public char Current => IsAtEnd ? '\0' : text[Offset];

    public void SkipWhiteSpace()
    {
        while (!IsAtEnd && char.IsWhiteSpace(text[Offset]))
        {
            Offset++;
        }
    }

    public bool TryTake(char expected)
    {
        if (IsAtEnd || text[Offset] != expected)
        {
            return false;
        }

        Offset++;
        return true;
    }

    public bool StartsWith(string symbol) => text.AsSpan(Offset).StartsWith(symbol, StringComparison.Ordinal);

    /// <summary>Takes an operator. It must be a word of its own: <c>ORANGE</c> is not an operator.</summary>
    public bool TryTakeOperator(string name)
    {
        if (!IsOperator(name))
        {
            return false;
        }

        Offset += name.Length;
        return true;
    }

    public bool IsOperator(string name)
    {
        var end = Offset + name.Length;
        return StartsWith(name) && (end == text.Length || char.IsWhiteSpace(text[end]) || text[end] is '(' or ')' or '"');
    }

    /// <summary>Takes the text between two quotes. A star in it is an ordinary character.</summary>
    public string TakePhrase()
    {
        var start = Offset++;
        var phrase = new StringBuilder();
        while (!IsAtEnd)
        {
            var c = text[Offset++];
            if (c == '"')
            {
                return phrase.ToString();
            }

            phrase.Append(c == '\\' ? TakeEscaped() : c);
        }

        throw new QueryFault("The phrase has no closing quote", start);
    }

    /// <summary>Takes a word up to white space, a parenthesis or a colon.</summary>
    /// <returns>The pieces of text between the stars.</returns>
    public List<string> TakeWord()
    {
        RefuseFirst(Current);
        var pieces = new List<string>();
        var piece = new StringBuilder();
        while (!IsAtEnd && !char.IsWhiteSpace(text[Offset]) && text[Offset] is not ('(' or ')' or ':'))
        {
            var c = text[Offset++];
            if (c == '*')
            {
                while (TryTake('*'))
                {
                }

                pieces.Add(piece.ToString());
                piece.Clear();
                continue;
            }

            piece.Append(c == '\\' ? TakeEscaped() : RequirePlain(c));
        }

        pieces.Add(piece.ToString());
        return pieces;
    }

    /// <summary>Takes a bound of a range: a word that ends at white space or a closing bracket.</summary>
    public string TakeBound()
    {
        var bound = new StringBuilder();
        while (!IsAtEnd && !char.IsWhiteSpace(text[Offset]) && text[Offset] is not (']' or '}'))
        {
            var c = text[Offset++];
            bound.Append(c switch
            {
                '\\' => TakeEscaped(),
                '*' => throw new QueryFault("A star in a range is an open end and cannot be part of a value", Offset - 1),
                '"' or '[' or '{' or '(' or ')' => throw Unescaped(c),
                _ => c,
            });
        }

        return bound.ToString();
    }

    private char TakeEscaped() =>
        IsAtEnd ? throw new QueryFault("The backslash has nothing to escape", Offset - 1) : text[Offset++];

    private void RefuseFirst(char c)
    {
        var instead = c switch
        {
            '/' => "Regular expressions (/) are not supported",
            '<' or '>' => "The operators < and > are not supported; write a range: [min TO max], {min TO *]",
            _ => null,
        };
        if (instead is not null)
        {
            throw new QueryFault(instead, Offset);
        }
    }

    private char RequirePlain(char c) => c switch
    {
        '?' => throw new QueryFault("The wildcard ? is not supported, only *", Offset - 1),
        '~' => throw new QueryFault("Fuzzy and proximity searches (~) are not supported", Offset - 1),
        '^' => throw new QueryFault("Boosts (^) are not supported", Offset - 1),
        '"' or '[' or ']' or '{' or '}' => throw Unescaped(c),
        _ => c,
    };

    private QueryFault Unescaped(char c) => new($"The character {c} must be escaped with a backslash or stand in quotes", Offset - 1);
}

/// <summary>Thrown to leave the recursion of the parser, which returns it as a <see cref="QueryError"/>.</summary>
internal sealed class QueryFault(string message, int offset) : Exception(message)
{
    public int Offset => offset;
}
