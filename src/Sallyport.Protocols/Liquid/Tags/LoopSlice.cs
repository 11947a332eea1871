namespace Sallyport.Protocols.Liquid.Tags;

/// <summary>The part of a list that a loop walks through.</summary>
internal readonly record struct LoopSlice(IReadOnlyList<object?> Items, int Start, int Length)
{
    /// <summary>A limit of null is no limit.</summary>
    public static LoopSlice Of(IReadOnlyList<object?> items, long offset, long? limit)
    {
        var start = Math.Clamp(offset, 0, items.Count);

        // The limit counts from the offset as given, also from one below zero.
        var end = limit is null ? items.Count : (long)Int128.Clamp((Int128)offset + limit.Value, start, items.Count);
        return new LoopSlice(items, (int)start, (int)(end - start));
    }

    public object? At(int index, bool isReversed = false) => Items[isReversed ? Start + Length - 1 - index : Start + index];
}
