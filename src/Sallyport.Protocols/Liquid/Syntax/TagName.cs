namespace Sallyport.Protocols.Liquid.Syntax;

/// <summary>A tag is named by a word, or by the sign that begins an inline comment.</summary>
internal static class TagName
{
    public static int EndOf(string source, int start, int limit)
    {
        if (start < limit && source[start] == '#')
        {
            return start + 1;
        }

        var end = start;
        while (end < limit && (char.IsAsciiLetterOrDigit(source[end]) || source[end] == '_'))
        {
            end++;
        }

        return Math.Max(start, end);
    }
}
