namespace Sallyport.Protocols.Liquid.Values;

/// <summary>Spares the allocations that loop counters and flags would otherwise cost.</summary>
internal static class Boxed
{
    public static readonly object True = true;
    public static readonly object False = false;

    private const int Kept = 256;
    private static readonly object[] Small = [.. Enumerable.Range(0, Kept).Select(n => (object)(long)n)];

    public static object Of(bool value) => value ? True : False;

    public static object Of(long value) => (ulong)value < Kept ? Small[value] : value;
}
