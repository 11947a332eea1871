using Sallyport.Protocols.Liquid.Values;

namespace Sallyport.Protocols.Liquid.Filters;

/// <summary>Filters that choose items by a property: it must be truthy or, with a second argument, equal to that.</summary>
internal static class QueryFilters
{
    public static object? Where(object? input, object?[] arguments, FilterScope scope) => Select(input, arguments, scope, true);

    public static object? Reject(object? input, object?[] arguments, FilterScope scope) => Select(input, arguments, scope, false);

    public static object? Find(object? input, object?[] arguments, FilterScope scope)
    {
        var items = Sequence.ForFilter(input, scope.Budget);
        return IndexOf(items, arguments, scope) is { } index and >= 0 ? LiquidValue.From(items[index]) : null;
    }

    public static object? FindIndex(object? input, object?[] arguments, FilterScope scope) =>
        IndexOf(Sequence.ForFilter(input, scope.Budget), arguments, scope) is { } index and >= 0 ? Boxed.Of(index) : null;

    public static object? Has(object? input, object?[] arguments, FilterScope scope) =>
        IndexOf(Sequence.ForFilter(input, scope.Budget), arguments, scope) is { } index ? Boxed.Of(index >= 0) : null;

    private static List<object?>? Select(object? input, object?[] arguments, FilterScope scope, bool wanted)
    {
        var chosen = new List<object?>();
        foreach (var item in Sequence.ForFilter(input, scope.Budget))
        {
            var value = LiquidValue.From(item);
            if (Matches(value, arguments, scope) is not { } matches)
            {
                return null;
            }

            if (matches == wanted)
            {
                chosen.Add(value);
            }
        }

        return chosen;
    }

    /// <summary>Below zero when nothing matches, null when an item before the match has no properties.</summary>
    private static int? IndexOf(IReadOnlyList<object?> items, object?[] arguments, FilterScope scope)
    {
        for (var i = 0; i < items.Count; i++)
        {
            switch (Matches(LiquidValue.From(items[i]), arguments, scope))
            {
                case null:
                    return null;
                case true:
                    return i;
            }
        }

        return -1;
    }

    private static bool? Matches(object? item, object?[] arguments, FilterScope scope)
    {
        if (!ItemProperty.TryGet(item, arguments[0], scope.Budget, out var value))
        {
            return null;
        }

        return arguments.Length > 1 && arguments[1] is { } target
            ? ValueEquality.AreEqual(value, target, scope.Budget)
            : LiquidValue.IsTruthy(value);
    }
}
