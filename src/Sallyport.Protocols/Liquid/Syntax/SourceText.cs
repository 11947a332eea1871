using System.Text;

namespace Sallyport.Protocols.Liquid.Syntax;

/// <summary>
/// A stretch of the source without the white space between its tokens, so that two ways of writing the same are the same.
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
