using Sallyport.Protocols.Liquid.Values;

namespace Sallyport.Protocols.Liquid.Filters;

internal static class SortFilters
{
    private delegate int Comparer(object? left, object? right, Budget budget);

    public static object? Sort(object? input, object?[] arguments, FilterScope scope) =>
        Sort(input, arguments, scope, ValueOrder.CompareForSort);

    public static object? SortNatural(object? input, object?[] arguments, FilterScope scope) =>
        Sort(input, arguments, scope, ValueOrder.CompareNaturally);

    private static object?[]? Sort(object? input, object?[] arguments, FilterScope scope, Comparer compare)
    {
        var property = arguments.Length > 0 ? arguments[0] : null;
        var items = Sequence.ForFilter(input, scope.Budget);
        var keyed = new (object? Key, object? Item)[items.Count];
        for (var i = 0; i < keyed.Length; i++)
        {
            var item = LiquidValue.From(items[i]);
            keyed[i] = (item, item);
            if (property is not null && !ItemProperty.TryGet(item, property, scope.Budget, out keyed[i].Key))
            {
                return null;
            }
        }

        MergeSort(keyed, compare, scope.Budget);
        return Array.ConvertAll(keyed, pair => pair.Item);
    }

    /// <summary>A stable sort. The sort of .NET is not stable, and wraps the fault of a comparer in another exception.</summary>
    private static void MergeSort((object? Key, object? Item)[] items, Comparer compare, Budget budget)
    {
        var target = new (object? Key, object? Item)[items.Length];
        for (var width = 1; width < items.Length; width = Math.Min(items.Length, width * 2))
        {
            for (var start = 0; start < items.Length; start += 2 * width)
            {
                budget.Charge(width);
                var middle = Math.Min(start + width, items.Length);
                Merge(items, target, (start, middle, Math.Min(middle + width, items.Length)), (a, b) => compare(a, b, budget));
            }

            target.CopyTo(items, 0);
        }
    }

    private static void Merge(
        (object? Key, object? Item)[] source,
        (object? Key, object? Item)[] target,
        (int Start, int Middle, int End) run,
        Func<object?, object?, int> compare)
    {
        var (left, right) = (run.Start, run.Middle);
        for (var i = run.Start; i < run.End; i++)
        {
            var takeLeft = left < run.Middle && (right >= run.End || compare(source[left].Key, source[right].Key) <= 0);
            target[i] = takeLeft ? source[left++] : source[right++];
        }
    }
}
