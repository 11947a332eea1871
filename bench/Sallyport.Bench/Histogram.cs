using System.Numerics;

namespace Sallyport.Bench;

/// <summary>Counts durations without allocation, in buckets whose width is at most three percent of the duration.</summary>
internal sealed class Histogram
{
    /// <summary>The binary logarithm of the number of buckets per power of two.</summary>
    private const int Precision = 5;

    private readonly long[] counts = new long[(64 - Precision) << Precision];

    public long Count { get; private set; }

    public void Add(TimeSpan duration)
    {
        counts[Bucket((ulong)duration.Ticks)]++;
        Count++;
    }

    public void Add(Histogram other)
    {
        for (var i = 0; i < counts.Length; i++)
        {
            counts[i] += other.counts[i];
        }

        Count += other.Count;
    }

    /// <returns>The duration that this share of all durations does not exceed.</returns>
    public TimeSpan Percentile(double share)
    {
        var left = (long)Math.Ceiling(Count * share);
        for (var i = 0; i < counts.Length; i++)
        {
            left -= counts[i];
            if (left <= 0)
            {
                return TimeSpan.FromTicks((long)UpperEnd(i));
            }
        }

        return TimeSpan.Zero;
    }

    private static int Bucket(ulong value)
    {
        var shift = Math.Max(0, BitOperations.Log2(value | 1) - Precision);
        return (shift << Precision) + (int)(value >> shift);
    }

    private static ulong UpperEnd(int bucket)
    {
        var shift = Math.Max(0, (bucket >> Precision) - 1);
        var mantissa = (ulong)(bucket - (shift << Precision));
        return ((mantissa + 1) << shift) - 1;
    }
}
