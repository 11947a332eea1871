using System.Text;
using Sallyport.Protocols.Liquid.Values;

namespace Sallyport.Protocols.Liquid.Syntax;

/// <summary>Splits the inside of a tag or an output into tokens, with one token of lookahead.</summary>
internal sealed class Lexer
{
    private readonly string _source;
    private readonly int _end;
    private int _next;

    public Lexer(string source, int start, int end)
    {
        (_source, _next, _end) = (source, start, end);
        Advance();
    }

    public TokenKind Kind { get; private set; }

    /// <summary>Offset of the current token.</summary>
    public int Start { get; private set; }

    /// <summary>Offset after the last consumed token.</summary>
    public int ConsumedEnd { get; private set; }

    /// <summary>The text of the token; of a quoted text, without the quotes.</summary>
    public string Text => Kind == TokenKind.Text ? _source[(Start + 1)..(_next - 1)] : _source[Start.._next];

    public bool IsWord(string word) =>
        Kind == TokenKind.Identifier && _source.AsSpan(Start, _next - Start).Equals(word, StringComparison.Ordinal);

    public void Advance()
    {
        ConsumedEnd = _next;
        while (_next < _end && Whitespace.Is(_source[_next]))
        {
            _next++;
        }

        Start = _next;
        Kind = _next < _end ? Read(_source[_next]) : TokenKind.End;
    }

    public bool TryConsume(TokenKind kind)
    {
        if (Kind != kind)
        {
            return false;
        }

        Advance();
        return true;
    }

    public bool TryConsumeWord(string word)
    {
        if (!IsWord(word))
        {
            return false;
        }

        Advance();
        return true;
    }

    public string Consume(TokenKind kind, string expected)
    {
        if (Kind != kind)
        {
            throw Unexpected(expected);
        }

        var text = Text;
        Advance();
        return text;
    }

    public void RequireEnd()
    {
        if (Kind != TokenKind.End)
        {
            throw Unexpected("the end of the tag");
        }
    }

    public LiquidFault Unexpected(string expected)
    {
        var found = Kind == TokenKind.End ? "nothing" : LiquidFault.Quote(_source[Start.._next]);
        return new LiquidFault($"expected {expected} but found {found}", Start);
    }

    private TokenKind Read(char c)
    {
        if (char.IsAsciiLetter(c) || c == '_')
        {
            return ReadIdentifier();
        }

        if (char.IsAsciiDigit(c) || (c == '-' && char.IsAsciiDigit(At(_next + 1))))
        {
            return ReadNumber();
        }

        return c is '"' or '\'' ? ReadText(c) : ReadSign(c);
    }

    private TokenKind ReadIdentifier()
    {
        while (char.IsAsciiLetterOrDigit(At(_next)) || At(_next) is '_' or '-')
        {
            _next++;
        }

        _next += At(_next) == '?' ? 1 : 0;
        return TokenKind.Identifier;
    }

    private TokenKind ReadNumber()
    {
        _next++;
        SkipDigits();
        if (At(_next) != '.' || !char.IsAsciiDigit(At(_next + 1)))
        {
            return TokenKind.Integer;
        }

        _next++;
        SkipDigits();
        return TokenKind.Float;
    }

    private void SkipDigits()
    {
        while (char.IsAsciiDigit(At(_next)))
        {
            _next++;
        }
    }

    private TokenKind ReadText(char quote)
    {
        var close = _source.IndexOf(quote, _next + 1, _end - _next - 1);
        if (close < 0)
        {
            throw new LiquidFault("a quote is never closed", Start);
        }

        _next = close + 1;
        return TokenKind.Text;
    }

    private TokenKind ReadSign(char c)
    {
        var (kind, length) = (c, At(_next + 1)) switch
        {
            ('.', '.') => (TokenKind.Range, 2),
            ('.', _) => (TokenKind.Dot, 1),
            ('[', _) => (TokenKind.OpenBracket, 1),
            (']', _) => (TokenKind.CloseBracket, 1),
            ('(', _) => (TokenKind.OpenParenthesis, 1),
            (')', _) => (TokenKind.CloseParenthesis, 1),
            ('|', _) => (TokenKind.Pipe, 1),
            (':', _) => (TokenKind.Colon, 1),
            (',', _) => (TokenKind.Comma, 1),
            ('=', '=') => (TokenKind.Equal, 2),
            ('=', _) => (TokenKind.Assign, 1),
            ('!', '=') or ('<', '>') => (TokenKind.NotEqual, 2),
            ('<', '=') => (TokenKind.LessOrEqual, 2),
            ('<', _) => (TokenKind.Less, 1),
            ('>', '=') => (TokenKind.GreaterOrEqual, 2),
            ('>', _) => (TokenKind.Greater, 1),
            _ => throw new LiquidFault($"unexpected character '{c}'", Start),
        };
        _next += length;
        return kind;
    }

    private char At(int index) => index < _end ? _source[index] : '\0';
}

internal enum TokenKind
{
    End,
    Identifier,
    Text,
    Integer,
    Float,
    Dot,
    Range,
    OpenBracket,
    CloseBracket,
    OpenParenthesis,
    CloseParenthesis,
    Pipe,
    Colon,
    Comma,
    Assign,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// <summary>
/// A part of the source without the white space between its tokens, for comparing two parts.
/// </summary>
internal static class SourceText
{
    public static string Of(string source, int start, int end)
    {
        var text = new StringBuilder();
        for (var lexer = new Lexer(source, start, end); lexer.Kind != TokenKind.End; lexer.Advance())
        {
            text.Append(lexer.Kind == TokenKind.Text ? $"'{lexer.Text}'" : lexer.Text);
        }

        return text.ToString();
    }
}
