namespace Sallyport.Protocols.Liquid.Values;

/// <summary>
/// Unwinds a recursive parser or renderer to <see cref="LiquidTemplate"/>, where it becomes a returned error; it goes no further.
/// </summary>
internal sealed class LiquidFault : Exception
{
    public LiquidFault(string message, int offset = 0)
        : base(message) => Offset = offset;

    /// <summary>Where in the source; while rendering the position is the context's.</summary>
    public int Offset { get; }
}
