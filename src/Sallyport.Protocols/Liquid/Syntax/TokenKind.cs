namespace Sallyport.Protocols.Liquid.Syntax;

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
