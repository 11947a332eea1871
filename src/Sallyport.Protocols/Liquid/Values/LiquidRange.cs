using System.Collections;

namespace Sallyport.Protocols.Liquid.Values;

/// <summary>Both ends included; empty when the last is before the first.</summary>
internal sealed record LiquidRange(long First, long Last) : IReadOnlyList<object?>
{
    public static LiquidRange Create(long first, long last, Budget budget)
    {
        budget.RequireRange(last < first ? 0 : (long)UInt128.Min(long.MaxValue, (UInt128)((Int128)last - first + 1)));
        return new LiquidRange(first, last);
    }

    public int Count => Last < First ? 0 : (int)(Last - First + 1);

    public object? this[int index] => Boxed.Of(First + index);

    public IEnumerator<object?> GetEnumerator()
    {
        for (var i = 0; i < Count; i++)
        {
            yield return this[i];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override string ToString() => $"{First}..{Last}";
}
