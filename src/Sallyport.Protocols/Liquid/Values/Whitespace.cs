using System.Buffers;

namespace Sallyport.Protocols.Liquid.Values;

/// <summary>The language was defined by an implementation that knows only ASCII's white space: a no-break space stays.</summary>
internal static class Whitespace
{
    public const string Characters = " \t\n\v\f\r";

    public static readonly SearchValues<char> Set = SearchValues.Create(Characters);

    public static bool Is(char c) => c is ' ' or (>= '\t' and <= '\r');
}
