namespace Sallyport.Protocols.Liquid.Values;

/// <summary>
/// Unwinds a recursive parser or renderer to <see cref="LiquidTemplate"/>, where it becomes a returned error; it goes no further.
/// </summary>
internal sealed class LiquidFault : Exception
{
    private const int LongestQuote = 40;

    public LiquidFault(string message, int offset = 0)
        : base(message) => Offset = offset;

    /// <summary>A part of the source or of a value for a message, which must not become as long as either.</summary>
    public static string Quote(string text) => text.Length <= LongestQuote ? $"'{text}'" : $"'{text[..LongestQuote]}…'";

    /// <summary>Where in the source; while rendering the position is the context's.</summary>
    public int Offset { get; }
}
